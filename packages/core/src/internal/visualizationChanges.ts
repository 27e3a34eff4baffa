/** What can be changed of a visualization, as the body of a request (platform reference, §8.6). */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Schema from "effect/Schema"
import type { CartoError } from "../CartoError.ts"
import { refuse } from "./refuse.ts"

/** Only what is given is changed; `null` clears a text. */
export interface VisualizationChanges<Privacy extends string> {
  readonly name?: string | undefined
  readonly display_name?: string | null | undefined
  readonly description?: string | null | undefined
  readonly tags?: ReadonlyArray<string> | undefined
  readonly privacy?: Privacy | undefined
  readonly license?: string | null | undefined
  readonly attributions?: string | null | undefined
  readonly source?: string | null | undefined
  readonly title?: string | null | undefined
  readonly locked?: boolean | undefined
}

export interface Secret {
  /** For privacy `PASSWORD`, which needs one each time it is set. */
  readonly password?: Redacted.Redacted | undefined
}

const keys = [
  "name",
  "display_name",
  "description",
  "tags",
  "privacy",
  "license",
  "attributions",
  "source",
  "title",
  "locked"
] as const

export const changesBody = (
  operation: string,
  changes: VisualizationChanges<string> & Secret
): Effect.Effect<Readonly<Record<string, Schema.Json>>, CartoError> =>
  Effect.suspend(() => {
    const { password } = changes
    if (changes.privacy === "PASSWORD" && password === undefined) {
      return Effect.fail(refuse(operation, "privacy PASSWORD needs a password", "Give one; nothing was changed."))
    }
    const entries = keys.flatMap((key): ReadonlyArray<readonly [string, Schema.Json]> => {
      const value = changes[key]
      return value === undefined ? [] : [[key, value]]
    })
    const body = Object.fromEntries(entries)
    return Effect.succeed(password === undefined ? body : { ...body, password: Redacted.value(password) })
  })

/** What must not come back in an error. */
export const secretsOf = ({ password }: Secret): ReadonlyArray<Redacted.Redacted> =>
  password === undefined ? [] : [password]
