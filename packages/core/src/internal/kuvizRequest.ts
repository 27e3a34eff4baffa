/** Pages as the body of a request: base64 without line breaks, within the server's limit (platform reference, §15). */
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Redacted from "effect/Redacted"
import type * as Schema from "effect/Schema"
import type { CartoError } from "../CartoError.ts"
import { refuse } from "./refuse.ts"

type Body = Readonly<Record<string, Schema.Json>>

/** Bytes of the whole body. */
const maxSize = 10 * 1024 * 1024
/** The server looks for no more than this. */
const opening = /<html/i

const decoder = new TextDecoder()

export const encodedHtml = (operation: string, html: string | Uint8Array): Effect.Effect<string, CartoError> =>
  Effect.suspend(() => {
    const text = typeof html === "string" ? html : decoder.decode(html)
    if (opening.test(text)) return Effect.succeed(Base64.encode(html))
    return Effect.fail(
      refuse(operation, "the page has no <html> tag", "Give a whole HTML document, not a part of one.")
    )
  })

export const limited = (operation: string, body: Body): Effect.Effect<Body, CartoError> =>
  Effect.suspend(() => {
    const size = new TextEncoder().encode(JSON.stringify(body)).length
    return size <= maxSize
      ? Effect.succeed(body)
      : Effect.fail(
          refuse(
            operation,
            `the page has ${size} bytes as it is sent, and may have ${maxSize}`,
            "Base64 adds a third: keep the page below 7.5 MiB, and its data in a dataset or a file of its own."
          )
        )
  })

export interface KuvizChanges {
  readonly name?: string | undefined
  readonly html?: string | Uint8Array | undefined
  /** Protects the page, or changes its password; `null` makes it public. */
  readonly password?: Redacted.Redacted | null | undefined
  /** What becomes of another page of the new name. Default `fail`; `replace` destroys it. */
  readonly ifExists?: "fail" | "replace" | undefined
}

/** The server's own default is to destroy namesakes, so that ours is always said. */
export const changesBody = Effect.fnUntraced(function* (
  operation: string,
  { html, ifExists = "fail", name, password }: KuvizChanges
): Effect.fn.Return<Body, CartoError> {
  return yield* limited(operation, {
    ...(name === undefined ? {} : { name }),
    ...(html === undefined ? {} : { data: yield* encodedHtml(operation, html) }),
    ...(password === undefined
      ? {}
      : password === null
        ? { privacy: "public" }
        : { privacy: "password", password: Redacted.value(password) }),
    if_exists: ifExists
  })
})
