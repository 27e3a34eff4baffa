/** What `PUT v3/me` may change of one's own account, and what is wrong with it (platform reference, §14.4). */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { Refusal } from "../Refusal.ts"
import { Account } from "./Account.ts"
import { type PersonChanges, Profile } from "./Person.ts"
import { isPasswordOf, passwordProblems, userPasswordHash } from "./password.ts"
import { emailProblems } from "./readPerson.ts"

const text = Schema.optionalKey(Schema.String)

const Asked = Schema.Struct({
  ...Profile.fields,
  email: text,
  password_confirmation: text,
  new_password: text,
  confirm_password: text
})

const decode = Schema.decodeUnknownEffect(Asked, { errors: "all" })

type Problems = Readonly<Record<string, ReadonlyArray<string>>>

const refused = (status: number, errors: Problems) =>
  new Refusal({ status, body: { message: "Error updating your account details", errors } })

const fields = Object.keys(Profile.fields)

/** Fails with 403 for another password, with 400 for everything else: nothing is changed then. */
export const readProfile = Effect.fnUntraced(function* (user: unknown) {
  const { me, names } = yield* Account
  // The reference is silent about a request without `user`, and about values of other types: our choice.
  if (!Predicate.isObject(user)) return yield* refused(400, { user: ["can't be blank"] })
  const asked = yield* Effect.mapError(decode(user), ({ message }) => refused(400, { user: [message] }))
  const { confirm_password, email, new_password, password_confirmation, ...told } = asked
  if (password_confirmation === undefined || !isPasswordOf(me, password_confirmation)) return yield* refused(403, {})
  const others = (yield* names).filter(({ id }) => id !== me.id)
  const problems = {
    email: email === undefined ? [] : emailProblems(email, others).map((one) => one.replace(/^email /, "")),
    new_password: new_password === undefined ? [] : passwordProblems(new_password, me.username),
    confirm_password: new_password === confirm_password ? [] : ["New password fields don't match"]
  }
  const found = Object.entries(problems).filter(([, texts]) => texts.length > 0)
  if (found.length > 0) return yield* refused(400, Object.fromEntries(found))
  const profile = Object.fromEntries(Object.entries(told).filter(([name]) => fields.includes(name)))
  const changes: PersonChanges = {
    profile,
    ...(email === undefined ? {} : { email }),
    ...(new_password === undefined ? {} : { password_hash: userPasswordHash(me.username, new_password) })
  }
  return changes
})
