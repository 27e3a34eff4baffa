/** Takes the secrets of a request's body out of errors: servers repeat what they were sent. */
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { CartoError, CartoErrorReason, ProtocolError } from "../CartoError.ts"

/** What is shorter is a part of other words, and no secret. */
const shortest = 3

/** The same error without any of the secrets, however the server has written them. */
export const scrub = (secrets: ReadonlyArray<Redacted.Redacted>): ((error: CartoError) => CartoError) => {
  const forms = secrets
    .flatMap((secret) => formsOf(Redacted.value(secret)))
    .filter((form) => form.length >= shortest)
    .sort((a, b) => b.length - a.length)
  if (forms.length === 0) return (error) => error
  const clean = (text: string) =>
    withoutHalf(
      forms.reduce((text, form) => text.replaceAll(form, "<redacted>"), text),
      forms
    )
  return (error) =>
    Schema.encodeResult(CartoErrorReason)(error.reason).pipe(
      Result.flatMap((encoded) => Schema.decodeUnknownResult(CartoErrorReason)(mapTexts(encoded, clean))),
      Result.match({
        // A word of the error itself, such as its state, was the secret.
        onFailure: () =>
          new CartoError({ operation: error.operation, reason: unreadable(clean(error.reason.message)) }),
        onSuccess: (reason) => new CartoError({ operation: error.operation, reason })
      })
    )
}

const unreadable = (message: string) => new ProtocolError({ status: 0, message, body: "" })

/** Old servers tell with an import what it was made of, passwords included (platform reference, §6.7). */
export const withoutItem = (error: CartoError): CartoError =>
  error.reason._tag === "ProtocolError" && error.reason.body.includes("service_item_id")
    ? new CartoError({
        operation: error.operation,
        reason: new ProtocolError({
          status: error.reason.status,
          message: error.reason.message,
          body: error.reason.body.replace(/("service_item_id"\s*:\s*)"(?:[^"\\]|\\.)*("|\\?$)/g, '$1"<redacted>"')
        })
      })
    : error

/** Plain, in JSON, in a URL, in a form. */
const formsOf = (secret: string): ReadonlyArray<string> => {
  const plain = secret.toWellFormed()
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(plain),
    new URLSearchParams([["", plain]]).toString().slice(1),
    secret.replace(/\s+/g, " ").trim()
  ]
}

/** Long texts were cut already: what they end with could be the beginning of a secret. */
const withoutHalf = (text: string, forms: ReadonlyArray<string>): string => {
  const end = text.endsWith("…") ? text.slice(0, -1) : text
  for (const form of forms) {
    for (let length = form.length - 1; length >= shortest; length--) {
      if (end.endsWith(form.slice(0, length))) return `${end.slice(0, -length)}…`
    }
  }
  return text
}

const mapTexts = (value: unknown, f: (text: string) => string): unknown => {
  if (Predicate.isString(value)) return f(value)
  if (Array.isArray(value)) return value.map((inner) => mapTexts(inner, f))
  return Predicate.isObject(value) && Object.getPrototypeOf(value) === Object.prototype
    ? Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [name, name === "_tag" ? inner : mapTexts(inner, f)])
      )
    : value
}
