/** An API key of the account. */
import type * as Redacted from "effect/Redacted"
import type { Api, Grants, PlatformGrants } from "./Grants.ts"

/** `master` owns everything, `default` is what a request without a key has, `regular` has its grants. */
export const keyTypes = ["master", "default", "regular"] as const
export type KeyType = (typeof keyTypes)[number]

export interface ApiKey extends Omit<PlatformGrants, "apis"> {
  readonly name: string
  readonly type: KeyType
  readonly token: Redacted.Redacted
  /** The PostgreSQL role whose rights its requests have. */
  readonly role: string
  /** Without `sql` the SQL API answers 403 `forbidden`. */
  readonly apis: ReadonlySet<Api>
  readonly tableMetadata: boolean
  /** Milliseconds since the epoch, as is `updatedAt`. */
  readonly createdAt: number
  readonly updatedAt: number
}

/** A regular key to make; it may use SQL and Maps unless told, and its token is made from its name unless given. */
export interface NewApiKey extends Grants {
  readonly name: string
  readonly token?: Redacted.Redacted | undefined
}
