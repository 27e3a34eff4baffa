/** Which host serves a resource of a map: the account's own, or one of a CDN (Maps reference, §7). */
import * as Schema from "effect/Schema"
import type { UrlTemplate } from "../MapMetadata.ts"
import { crc32 } from "./crc32.ts"
import { path } from "./path.ts"

const Template = Schema.Struct({ url: Schema.String, subdomains: Schema.Array(Schema.String) })

export const CdnUrl = Schema.Struct({
  /** Host and port, without a scheme. */
  http: Schema.optionalKey(Schema.String),
  https: Schema.optionalKey(Schema.String),
  templates: Schema.optionalKey(
    Schema.Struct({ http: Schema.optionalKey(Template), https: Schema.optionalKey(Template) })
  )
})

export interface Hosts {
  readonly baseUrl: string
  readonly user: string
  readonly cdn_url?: typeof CdnUrl.Type
}

/** What map paths are appended to. `https` where there is one: a page that came by it may load nothing else. */
export const origin = ({ baseUrl, cdn_url, user }: Hosts, via: "cdn" | "direct"): UrlTemplate => {
  const own = { urlTemplate: `${baseUrl}/api/v1/map`, subdomains: [] }
  if (via === "direct" || cdn_url === undefined) return own
  const { http, https, templates } = cdn_url
  const template = templates?.https ?? templates?.http
  const host = https === undefined ? (http === undefined ? undefined : `http://${http}`) : `https://${https}`
  const url = template?.url ?? host
  return url === undefined
    ? own
    : { urlTemplate: `${url}${path`/${user}`}/api/v1/map`, subdomains: template?.subdomains ?? [] }
}

/** The same resource always from the same host, so that caches find it. */
export const resource = (hosts: Hosts, via: "cdn" | "direct", resourcePath: string): string => {
  const { subdomains, urlTemplate } = origin(hosts, via)
  const subdomain = subdomains[crc32(resourcePath.replace(/^\//, "")) % subdomains.length]
  return `${subdomain === undefined ? urlTemplate : urlTemplate.replaceAll("{s}", subdomain)}${resourcePath}`
}

/** One address for each subdomain. */
export const all = ({ subdomains, urlTemplate }: UrlTemplate): ReadonlyArray<string> =>
  subdomains.length === 0 ? [urlTemplate] : subdomains.map((subdomain) => urlTemplate.replaceAll("{s}", subdomain))
