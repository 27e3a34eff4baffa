/** Data that a command reads, as it comes: a file, or standard input for `-`. */
import type { CartoError } from "@effect-carto/core/CartoError"
import * as NodeFile from "@effect-carto/node/NodeFile"
import * as Effect from "effect/Effect"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { type CommandError, failure } from "./CommandError.ts"

export const inputBytes = (file: string): Stream.Stream<Uint8Array, CartoError | CommandError, Stdio.Stdio> =>
  file === "-"
    ? Stream.unwrap(
        Effect.map(Stdio.Stdio, ({ stdin }) =>
          Stream.mapError(stdin, (error) => failure(`Cannot read standard input: ${error.message}`))
        )
      )
    : NodeFile.read(file)
