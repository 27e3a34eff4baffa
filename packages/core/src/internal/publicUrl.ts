/** Addresses without the keys that the server writes into them: it repeats the one it was asked with (Maps reference, §7). */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"

const secret = /^(api_key|map_key|auth_token(\[\]|%5B%5D)?)=/i

const withoutSecrets = (url: string): string => {
  const [address = "", query] = url.split("?", 2)
  const kept = query?.split("&").filter((parameter) => !secret.test(parameter)) ?? []
  return kept.length === 0 ? address : `${address}?${kept.join("&")}`
}

export const PublicUrl = Schema.String.pipe(
  Schema.decodeTo(Schema.String, SchemaTransformation.transform({ decode: withoutSecrets, encode: (url) => url }))
)
