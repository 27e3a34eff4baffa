/** An account is an address and a user: where requests go, and whose data they mean. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { CartoError } from "./CartoError.ts"
import { refuse } from "./internal/refuse.ts"

/** A CARTO account, as one address names it. `baseUrl` is what API paths are appended to; it never ends in a slash. */
export class Account extends Schema.Class<Account>("carto/Account")({
  baseUrl: Schema.String,
  /** The user whose account it is, also the name in the Basic header (wire reference of the platform, §2.2). */
  user: Schema.String,
  organization: Schema.optionalKey(Schema.String)
}) {
  /** Whether a key sent to this address could be read on the way: plain `http`, and not to this machine. */
  get isExposed(): boolean {
    const url = new URL(this.baseUrl)
    return url.protocol === "http:" && !isLoopback(url.hostname)
  }

  /** Whether the server runs on this machine, so that compression costs more than it saves. */
  get isLocal(): boolean {
    return isLoopback(new URL(this.baseUrl).hostname)
  }

  override toString(): string {
    const organization = this.organization === undefined ? "" : ` of organization ${this.organization}`
    return `user ${this.user}${organization} at ${this.baseUrl}`
  }
}

export interface ParseOptions {
  /** For addresses that do not name the user, such as an IP address without `/user/NAME`. */
  readonly user?: string | undefined
  readonly organization?: string | undefined
}

/**
 * Understands any address a person would paste: the account's own, an organization's `/u/NAME` or `/user/NAME`, an
 * on-premises host, an IP address with a port, a dashboard link, an API URL. Fails with `ValidationError` otherwise.
 */
export const parse = (address: string, options?: ParseOptions): Result.Result<Account, CartoError> => {
  const text = address.trim()
  const candidate = hasScheme.test(text) ? text : `https://${text}`
  if (text === "" || !URL.canParse(candidate)) return malformed(`${quote(text)} is not a web address.`)
  const url = new URL(candidate)
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return malformed(`${url.protocol}// is not a way to reach CARTO; use https://.`)
  }
  if (url.username !== "" || url.password !== "") {
    return malformed("The address carries a user name or a key before the @; give the key separately.")
  }
  const host = url.hostname.toLowerCase()
  if (noAccount.has(host)) {
    return malformed(`${host} is CARTO's own site and names no account of the classic platform.`)
  }
  const segments = url.pathname.split("/").filter((segment) => segment !== "")
  const prefix = segments[0] === "u" || segments[0] === "user" ? segments[0] : undefined
  const inPath = prefix === undefined ? undefined : segments[1]
  const label = isAddress(host) || !host.includes(".") ? undefined : host.slice(0, host.indexOf("."))
  const user = options?.user ?? inPath ?? label
  if (user === undefined) return malformed(`${url.origin} does not say which user; append /user/NAME.`)
  if (!isUserName.test(user)) return malformed(`${quote(user)} is not a CARTO user name (a-z, 0-9 and hyphens).`)
  const organization = options?.organization ?? (inPath !== undefined && isHosted(host) ? label : undefined)
  const ownsHost = inPath === undefined && user === label
  return Result.succeed(
    new Account({
      baseUrl: ownsHost ? url.origin : `${url.origin}/${prefix ?? "user"}/${user}`,
      user,
      ...(organization === undefined || organization === user ? {} : { organization })
    })
  )
}

const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i
const isUserName = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
const noAccount = new Set(["carto.com", "www.carto.com", "app.carto.com", "cartodb.com", "www.cartodb.com"])

const isHosted = (host: string): boolean => host.endsWith(".carto.com") || host.endsWith(".cartodb.com")
const isAddress = (host: string): boolean => host.startsWith("[") || /^\d+(\.\d+){3}$/.test(host)
const isLoopback = (host: string): boolean =>
  host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(\.\d+){3}$/.test(host)

// A pasted text may hold a key before an @ or in its query; neither part is repeated.
const quote = (text: string): string =>
  JSON.stringify(
    text
      .replace(/[?#].*$/s, "")
      .replace(/^.*@/s, "")
      .slice(0, 80)
  )

const malformed = (message: string): Result.Result<never, CartoError> =>
  Result.fail(
    refuse(
      "Account.parse",
      message,
      "Expected https://USER.carto.com, https://ORGANIZATION.carto.com/u/USER, or https://HOST/user/USER for an on-premises server."
    )
  )
