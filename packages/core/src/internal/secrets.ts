/** Takes a key out of text that others wrote: servers and proxies repeat what they were sent. */
import * as Base64 from "effect/encoding/Base64"
import * as Redacted from "effect/Redacted"

/** Replaces the key in each form in which a request carries it: plain, in a URL, in a Basic header. */
export const remover = (user: string, apiKey: Redacted.Redacted | undefined): ((text: string) => string) => {
  if (apiKey === undefined) return (text) => text
  const key = Redacted.value(apiKey)
  if (key === "") return (text) => text
  const forms = [Base64.encode(`${user}:${key}`), encodeURIComponent(key.toWellFormed()), formEncoded(key), key]
  return (text) => forms.reduce((text, form) => text.replaceAll(form, "<redacted>"), text)
}

const formEncoded = (key: string): string => new URLSearchParams([["", key]]).toString().slice(1)
