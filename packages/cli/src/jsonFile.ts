/** Definitions in files: JSON, read whole and told where it is none. */
import * as NodeFile from "@effect-carto/node/NodeFile"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { usage } from "./CommandError.ts"
import * as Input from "./Input.ts"

/** The JSON of a file, or of standard input for `-`. */
export const jsonFile = Effect.fnUntraced(function* (file: string) {
  const text = file === "-" ? yield* Input.text : yield* NodeFile.read(file).pipe(Stream.decodeText, Stream.mkString)
  return yield* Effect.try({
    try: (): unknown => JSON.parse(text.replace(/^\ufeff/, "")),
    catch: (error) => usage(`${named(file)} is not JSON${place(error)}.`, "Nothing was sent.")
  })
})

const named = (file: string): string => (file === "-" ? "Standard input" : file)

/** The whole message may repeat what stands in the file, and tokens stand in it. */
const place = (error: unknown): string => {
  const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(error instanceof Error ? error.message : "") ?? []
  return line === undefined ? "" : `: line ${line}, column ${column}`
}
