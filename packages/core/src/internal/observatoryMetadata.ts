/** Where the catalog of the Data Observatory is: with a user of its own on the same installation (platform reference, §16.2). */
import type { Account } from "../Account.ts"

const user = "do-metadata"

const isHosted = (host: string): boolean => /\.(carto|cartodb)\.com$/.test(host)

/** Whether a name in front of the host's own can be a user's: addresses of the network and lone names have none. */
const canNameUser = (host: string): boolean => host.includes(".") && !/^[\d.]+$/.test(host)

/** The same kind of address for another user. */
export const metadataUrl = ({ baseUrl }: Account, path: string, filters: Readonly<Record<string, string>>): string => {
  const url = new URL(baseUrl)
  const isInHost = url.pathname === "/" || url.pathname.startsWith("/u/") || isHosted(url.hostname)
  const namesUser = isInHost && canNameUser(url.hostname)
  const base = namesUser
    ? `${url.protocol}//${user}.${url.host.slice(url.host.indexOf(".") + 1)}`
    : `${url.origin}/user/${user}`
  const query = new URLSearchParams(filters).toString()
  return `${base}/api/v4/data/observatory/metadata/${path}${query === "" ? "" : `?${query}`}`
}
