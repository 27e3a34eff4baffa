/** The guard of services that may be told to change nothing. */
import * as Effect from "effect/Effect"
import type { CartoError } from "../CartoError.ts"
import { refuse } from "./refuse.ts"

export interface WriteOptions {
  /** Refuse every change. */
  readonly readOnly?: boolean | undefined
}

export const mayWrite =
  ({ readOnly }: WriteOptions) =>
  (operation: string): Effect.Effect<void, CartoError> =>
    readOnly === true
      ? Effect.fail(refuse(operation, "this changes the account, and this client only reads", "Use one that writes."))
      : Effect.void
