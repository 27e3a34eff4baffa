/** What exports of everything have in common. */
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"

export const exportFlags = {
  folder: Argument.String("FOLDER").pipe(
    Argument.filter(
      (text) => text !== "",
      () => "a folder"
    ),
    Argument.withDescription("New, empty, or of an earlier run, which is gone on with")
  ),
  verify: Flag.Boolean("verify").pipe(
    Flag.withDescription("Read the files of earlier runs, and write those anew that are not what was written"),
    Flag.withDefault(false)
  )
} as const

const most = 16

export const concurrency = (usual: number) =>
  Flag.Int("concurrency").pipe(
    Flag.filter(
      (count) => count >= 1 && count <= most,
      () => `a whole number from 1 to ${most}`
    ),
    Flag.withMetavar("N"),
    Flag.withDescription(`How many at a time; default: ${usual}`),
    Flag.withDefault(usual)
  )
