/** jq itself, as WebAssembly; loaded when `--jq` is used. */
import * as Effect from "effect/Effect"
import { type CommandError, usage } from "./CommandError.ts"

/**
 * What the filter makes of a JSON text, a line for each result; texts without their quotes, as `gh` prints them. Numbers
 * that are only carried through keep all their digits.
 */
export const filter = Effect.fnUntraced(function* (
  json: string,
  expression: string
): Effect.fn.Return<string, CommandError> {
  const { raw } = yield* Effect.promise(() => import("jq-wasm"))
  const { exitCode, stderr, stdout } = yield* Effect.promise(() => raw(json, expression, ["-r"]))
  if (exitCode !== 0)
    return yield* usage(`jq refuses the filter: ${firstLine(stderr)}`, "See https://jqlang.org/manual.")
  return stdout === "" ? "" : `${stdout}\n`
})

const firstLine = (text: string): string =>
  (text.trim().split("\n")[0] ?? "").replace(/^jq: error:? ?(\([^)]*\):? ?)?/, "")
