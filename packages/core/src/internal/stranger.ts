/** Wrong keys that are answered as no key at all, with what everybody may see (platform reference, §2.4). */
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Option from "effect/Option"
import type { Auth } from "../Auth.ts"
import { AuthError, CartoError } from "../CartoError.ts"
import { publicKey } from "./publicKey.ts"

/** Without a key, and with that of everybody, nobody expects more than what is public. */
export const mayExpectMore = ({ apiKey }: Auth["Service"]): Effect.Effect<boolean, CartoError> =>
  Effect.map(
    apiKey,
    Option.exists((key) => !Equal.equals(key, publicKey))
  )

export const stranger = (operation: string): CartoError =>
  new CartoError({
    operation,
    reason: new AuthError({
      status: 200,
      message: "the server did not recognize the key, and answered as to a stranger",
      hint: "Use the master key of this very account and user; to every other key only what is public is shown."
    })
  })

/** For an answer that only strangers get: fails where the key may expect more. */
export const notAsStranger = (auth: Auth["Service"], operation: string): Effect.Effect<void, CartoError> =>
  Effect.flatMap(mayExpectMore(auth), (expects) => (expects ? Effect.fail(stranger(operation)) : Effect.void))
