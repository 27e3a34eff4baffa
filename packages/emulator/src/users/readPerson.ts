/** What a request says of a member of the organization, and what is wrong with it (platform reference, §14.5). */
import * as Effect from "effect/Effect"
import { Database } from "../Database.ts"
import * as Params from "../Params.ts"
import { Refusal } from "../Refusal.ts"
import { quoteLiteral } from "../SqlText.ts"
import { Account } from "./Account.ts"
import { unassignedQuota } from "./organizationObject.ts"
import type { Organization, Person, PersonChanges } from "./Person.ts"
import { passwordProblems, userPasswordHash } from "./password.ts"

const softLimits = [
  "soft_geocoding_limit",
  "soft_here_isolines_limit",
  "soft_twitter_datasource_limit",
  "soft_mapzen_routing_limit"
] as const

const flags = ["viewer", "org_admin"] as const

/** Refused with 410 and the bare list of texts (E12). */
const invalid = (texts: ReadonlyArray<string>) => new Refusal({ status: 410, body: texts })

const isTrue = (value: unknown): boolean => value === true || value === "true"

/** Whole bytes; `NaN` for what is no number. */
const quotaOf = (params: Params.Params): number | undefined => {
  const text = Params.text(params, "quota_in_bytes")
  return text === undefined ? undefined : /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
}

const badPassword = (password: string, username: string): ReadonlyArray<string> =>
  passwordProblems(password, username).map((problem) => `password ${problem}`)

export const emailProblems = (email: string, others: ReadonlyArray<Person>): ReadonlyArray<string> => [
  ...(/^[^@\s]+@[^@\s]+$/.test(email) ? [] : ["email is not a valid address"]),
  ...(others.some((person) => person.email === email) ? ["email is already taken"] : [])
]

/** A member's tables are in a schema of the member's name, which must be free, too: our choice. */
const nameProblems = Effect.fnUntraced(function* (username: string, others: ReadonlyArray<Person>) {
  const schemas = yield* (yield* Database).rows(
    `select 1 from pg_catalog.pg_namespace where nspname = ${quoteLiteral(username)}`
  )
  const isTaken = schemas.length > 0 || others.some((person) => person.username === username)
  return [
    ...(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(username) ? [] : ["username is invalid"]),
    ...(isTaken ? ["username is already taken"] : [])
  ]
})

const quotaProblems = (quota: number | undefined, free: number): ReadonlyArray<string> =>
  quota === undefined
    ? []
    : Number.isNaN(quota)
      ? ["quota_in_bytes is not a number"]
      : quota > free
        ? ["quota_in_bytes not enough disk quota"]
        : []

const isSeatFree = ({ seats, viewerSeats }: Organization, people: ReadonlyArray<Person>, viewer: boolean): boolean =>
  people.filter((person) => person.viewer === viewer).length < (viewer ? viewerSeats : seats)

const seatProblem = "organization not enough seats"

/** A member to make. Limits are soft only by the text `"true"`: JSON's `true` does nothing here. */
export const readNewPerson = Effect.fnUntraced(function* (organization: Organization, params: Params.Params) {
  const people = yield* (yield* Account).names
  const username = Params.text(params, "username")
  const email = Params.text(params, "email")
  const password = Params.text(params, "password")
  const quota = quotaOf(params)
  const viewer = isTrue(Params.get(params, "viewer"))
  const problems = [
    ...(username === undefined ? ["username is not present"] : yield* nameProblems(username, people)),
    ...(email === undefined ? ["email is not present"] : emailProblems(email, people)),
    ...(password === undefined ? ["password is not present"] : badPassword(password, username ?? "")),
    ...quotaProblems(quota, yield* unassignedQuota(organization)),
    ...(isSeatFree(organization, people, viewer) ? [] : [seatProblem])
  ]
  if (username === undefined || email === undefined || password === undefined || problems.length > 0) {
    return yield* invalid(problems)
  }
  const soft = Object.fromEntries(softLimits.map((name) => [name, Params.get(params, name) === "true"]))
  const org_admin = isTrue(Params.get(params, "org_admin"))
  return {
    username,
    email,
    password_hash: userPasswordHash(username, password),
    viewer,
    org_admin,
    ...soft,
    ...(quota === undefined ? {} : { quota_in_bytes: quota })
  }
})

/** What to change of a member. */
export const readPersonChanges = Effect.fnUntraced(function* (
  organization: Organization,
  params: Params.Params,
  person: Person
) {
  const people = (yield* (yield* Account).names).filter(({ id }) => id !== person.id)
  const email = Params.text(params, "email")
  const password = Params.text(params, "password")
  const quota = quotaOf(params)
  const given = [...softLimits, ...flags].filter((name) => Params.get(params, name) !== undefined)
  if (email === undefined && password === undefined && quota === undefined && given.length === 0) {
    return yield* new Refusal({ status: 410, body: "No update params provided" })
  }
  const toggles: PersonChanges = Object.fromEntries(given.map((name) => [name, isTrue(Params.get(params, name))]))
  const free = (yield* unassignedQuota(organization)) + person.quota_in_bytes
  const viewer = toggles.viewer ?? person.viewer
  const problems = [
    ...(email === undefined ? [] : emailProblems(email, people)),
    ...(password === undefined ? [] : badPassword(password, person.username)),
    ...quotaProblems(quota, free),
    ...(viewer === person.viewer || isSeatFree(organization, people, viewer) ? [] : [seatProblem])
  ]
  if (problems.length > 0) return yield* invalid(problems)
  const changes: PersonChanges = {
    ...toggles,
    ...(email === undefined ? {} : { email }),
    ...(password === undefined ? {} : { password_hash: userPasswordHash(person.username, password) }),
    ...(quota === undefined ? {} : { quota_in_bytes: quota })
  }
  return changes
})
