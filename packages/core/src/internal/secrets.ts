/** Takes a key out of text that others wrote: servers and proxies repeat what they were sent. */
import * as Base64 from "effect/encoding/Base64"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Redacted from "effect/Redacted"

/** Replaces the key in each form in which a request carries it: plain, in a URL, in a Basic header. */
export const remover = (user: string, apiKey: Redacted.Redacted | undefined): ((text: string) => string) => {
  if (apiKey === undefined) return (text) => text
  const key = Redacted.value(apiKey)
  if (key === "") return (text) => text
  const forms = [Base64.encode(`${user}:${key}`), ...inAddresses(key)]
  return (text) => without(forms, text)
}

/** Takes out every secret among the parameters of a request. */
export const withoutParameters = ({ urlParams }: HttpClientRequest.HttpClientRequest, text: string): string =>
  urlParams.params.reduce((text, [, value]) => {
    const secret = Redacted.isRedacted(value) ? Redacted.value(value) : ""
    return secret === "" ? text : without(inAddresses(secret), text)
  }, text)

const without = (forms: ReadonlyArray<string>, text: string): string =>
  forms.reduce((text, form) => text.replaceAll(form, "<redacted>"), text)

const inAddresses = (secret: string): ReadonlyArray<string> => [
  encodeURIComponent(secret.toWellFormed()),
  formEncoded(secret),
  secret
]

const formEncoded = (key: string): string => new URLSearchParams([["", key]]).toString().slice(1)
