/** What became of a template, as it is printed. */
import type { Applied } from "@effect-carto/core/NamedMaps"
import * as Effect from "effect/Effect"
import * as Output from "../../Output.ts"
import * as Records from "../../Records.ts"

export const shape = Records.shape(["name", "change"])

export const line = ({ change, name }: Pick<Applied, "change" | "name">): string =>
  change === "unchanged" ? `named map ${name} is as it should be` : `${change} named map ${name}`

/** The server says now and then that few more templates fit. */
export const tellLimit = ({ limitMessage }: Applied) =>
  limitMessage === undefined ? Effect.void : Output.note(`warning: ${limitMessage}`)
