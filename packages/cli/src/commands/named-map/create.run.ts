/** The work of `carto named-map create`. */
import { NamedMaps } from "@effect-carto/core/NamedMaps"
import * as Effect from "effect/Effect"
import { readTemplate } from "../../MapDefinition.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { line, shape, tellLimit } from "./record.ts"

export const run = ({ file }: { readonly file: string }) =>
  Records.changed(
    shape,
    Effect.flatMap(readTemplate(file), (template) =>
      withSession(
        NamedMaps.layer(),
        Effect.flatMap(NamedMaps, ({ create }) => create(template))
      ).pipe(Effect.tap(tellLimit))
    ),
    line
  )
