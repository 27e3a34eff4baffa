/** What a member of an organization is made with, or changed to, as the body of a request (platform reference, §14.5). */
import * as Redacted from "effect/Redacted"
import type * as Schema from "effect/Schema"
import { given } from "./given.ts"

/** Only what is given is changed. */
export interface UserChanges {
  readonly email?: string | undefined
  /** 6 to 64 characters, not the user's name and not a common one. */
  readonly password?: Redacted.Redacted | undefined
  /** Bytes, of what the organization has left. */
  readonly quota_in_bytes?: number | undefined
  /** Reads and makes nothing; takes a seat for viewers. */
  readonly viewer?: boolean | undefined
  readonly org_admin?: boolean | undefined
  /** Whether more than the quota may be used, at a price. */
  readonly soft_geocoding_limit?: boolean | undefined
  readonly soft_here_isolines_limit?: boolean | undefined
  readonly soft_mapzen_routing_limit?: boolean | undefined
  readonly soft_twitter_datasource_limit?: boolean | undefined
}

export interface NewUser extends UserChanges {
  /** Small letters, digits and hyphens, at most 63; it cannot be changed. */
  readonly username: string
  readonly email: string
  readonly password: Redacted.Redacted
  /** The user chooses another password when logging in first. */
  readonly force_password_change?: boolean | undefined
}

const plain = ["email", "quota_in_bytes", "viewer", "org_admin"] as const

const soft = [
  "soft_geocoding_limit",
  "soft_here_isolines_limit",
  "soft_mapzen_routing_limit",
  "soft_twitter_datasource_limit"
] as const

type Body = Readonly<Record<string, Schema.Json>>

/** The limits are texts: of a creation the server takes no notice of JSON's `true`. */
export const changesBody = (changes: UserChanges): Body => ({
  ...given(changes, plain),
  ...Object.fromEntries(Object.entries(given(changes, soft)).map(([name, value]) => [name, String(value)])),
  ...(changes.password === undefined ? {} : { password: Redacted.value(changes.password) })
})

export const newUserBody = (user: NewUser): Body => ({
  ...changesBody(user),
  username: user.username,
  ...(user.force_password_change === true ? { force_password_change: true } : {})
})

/** What one can change of oneself; null clears a text. */
export interface OwnChanges {
  readonly name?: string | null | undefined
  readonly last_name?: string | null | undefined
  readonly website?: string | null | undefined
  readonly description?: string | null | undefined
  readonly location?: string | null | undefined
  readonly twitter_username?: string | null | undefined
  readonly disqus_shortname?: string | null | undefined
  readonly available_for_hire?: boolean | undefined
  readonly company?: string | null | undefined
  readonly industry?: string | null | undefined
  readonly phone?: string | null | undefined
  readonly job_role?: string | null | undefined
  readonly company_employees?: string | null | undefined
  readonly use_case?: string | null | undefined
  readonly email?: string | undefined
  readonly avatar_url?: string | null | undefined
  readonly newPassword?: Redacted.Redacted | undefined
}

const own = [
  "name",
  "last_name",
  "website",
  "description",
  "location",
  "twitter_username",
  "disqus_shortname",
  "available_for_hire",
  "company",
  "industry",
  "phone",
  "job_role",
  "company_employees",
  "use_case",
  "email",
  "avatar_url"
] as const

export const ownBody = (changes: OwnChanges, currentPassword: Redacted.Redacted): Body => ({
  user: {
    ...given(changes, own),
    ...(changes.newPassword === undefined
      ? {}
      : {
          new_password: Redacted.value(changes.newPassword),
          confirm_password: Redacted.value(changes.newPassword)
        }),
    password_confirmation: Redacted.value(currentPassword)
  }
})
