/** The work of `carto named-map delete`. */
import { NamedMaps } from "@effect-carto/core/NamedMaps"
import * as Effect from "effect/Effect"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"

const shape = Records.shape(["name"])

export const run = ({ name }: { readonly name: string }) =>
  Records.changed(
    shape,
    withSession(
      NamedMaps.layer(),
      Effect.as(
        Effect.flatMap(NamedMaps, (namedMaps) => namedMaps.delete(name)),
        { name }
      )
    ),
    ({ name }) => `deleted named map ${name}`
  )
