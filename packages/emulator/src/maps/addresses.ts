/** The addresses that the answer of an instantiation tells: of the CDN, or of the emulator itself. */
import { crc32 } from "node:zlib"
import type { Cdn } from "./MapsSettings.ts"

/** Makes addresses of what stands behind `/map/`. */
export interface Addresses {
  /** Of tiles, one per subdomain; `path` is what stands behind `/map/`. They carry the API key of the request. */
  readonly tiles: (path: string) => ReadonlyArray<string>
  readonly template: (path: string) => { readonly urlTemplate: string; readonly subdomains: ReadonlyArray<string> }
  /** Of dataviews and analyses, by scheme, without any key. */
  readonly resource: (path: string) => Readonly<Record<string, string>>
  readonly cdnUrl: unknown
}

const ofCdn = (cdn: Cdn, user: string, query: string): Addresses => {
  const { http, https, subdomains = [] } = cdn
  const prefix = subdomains.length === 0 ? "" : "{s}."
  const hosts = https === undefined ? { http } : { http, https }
  const best = https === undefined ? `http://${prefix}${http}` : `https://${prefix}${https}`
  const address = (start: string, path: string) => `${start}/${user}/api/v1/map/${path}`
  const urlTemplate = (path: string) => `${address(best, path)}${query}`
  return {
    tiles: (path) =>
      subdomains.length === 0
        ? [urlTemplate(path)]
        : subdomains.map((subdomain) => urlTemplate(path).replace("{s}", () => subdomain)),
    template: (path) => ({ urlTemplate: urlTemplate(path), subdomains }),
    resource: (path) => {
      const subdomain = subdomains[crc32(path) % subdomains.length]
      const start = subdomain === undefined ? "" : `${subdomain}.`
      return Object.fromEntries(
        Object.entries(hosts).map(([scheme, host]) => [scheme, address(`${scheme}://${start}${host}`, path)])
      )
    },
    cdnUrl: {
      ...hosts,
      ...(subdomains.length === 0
        ? {}
        : {
            templates: Object.fromEntries(
              Object.entries(hosts).map(([scheme, host]) => [scheme, { url: `${scheme}://{s}.${host}`, subdomains }])
            )
          })
    }
  }
}

/** Without a CDN all addresses begin as the request's own did, and `cdn_url` is absent. */
export const makeAddresses = (options: {
  readonly cdn: Cdn | undefined
  /** The account's own address. */
  readonly base: string
  readonly user: string
  readonly apiKey: string | undefined
}): Addresses => {
  const query = options.apiKey === undefined ? "" : `?api_key=${options.apiKey}`
  if (options.cdn !== undefined) return ofCdn(options.cdn, options.user, query)
  const address = (path: string) => `${options.base}/api/v1/map/${path}`
  return {
    tiles: (path) => [`${address(path)}${query}`],
    template: (path) => ({ urlTemplate: `${address(path)}${query}`, subdomains: [] }),
    resource: (path) => ({ http: address(path) }),
    cdnUrl: undefined
  }
}
