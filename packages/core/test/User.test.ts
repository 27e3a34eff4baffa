import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Schema } from "effect"
import { Organization } from "../src/Organization.ts"
import * as User from "../src/User.ts"
import * as examples from "./examples.ts"
import { managedUser, me, meWithProfile, organization, ownAccount } from "./fixtures/account.ts"
import { mutations } from "./mutations.ts"

const optional = (object: object, ...required: ReadonlyArray<string>) =>
  Object.keys(object).filter((name) => !required.includes(name))

describe("User", () => {
  it("decodes v4/me in both its forms, and of an individual", () => {
    const decode = Schema.decodeUnknownSync(User.Me)
    assert.deepStrictEqual([decode(me).organization?.name, decode(me).groups], ["acme", undefined])
    const whole = decode(meWithProfile)
    assert.deepStrictEqual([whole.organization?.owner?.username, whole.groups?.[0]?.name], ["olivia", "staff"])
    assert.isNull(decode({ ...me, organization: null }).organization)
  })

  it("decodes the own account: no limit is null, what remains may be negative, dates are instants", () => {
    const account = Schema.decodeUnknownSync(User.OwnAccount)(ownAccount)
    assert.deepStrictEqual([account.table_quota, account.remaining_byte_quota], [null, -104857600])
    assert.strictEqual(account.billing_period?.epochMilliseconds, Date.UTC(2019, 0, 11))
    assert.strictEqual(account.created_at?.epochMilliseconds, Date.UTC(2016, 4, 5, 9, 36, 9))
    assert.deepStrictEqual([account.organization?.name, account.organization?.available_quota_for_user], ["acme", 1024])
    assert.isTrue(account.actions?.engine_enabled)
    assert.isNull(Schema.decodeUnknownSync(User.OwnAccount)({ ...ownAccount, organization: {} }).organization)
  })

  it("shows no key, and does not let one be encoded", () => {
    const account = Schema.decodeUnknownSync(User.OwnAccount)(ownAccount)
    assert.isTrue(Redacted.isRedacted(account.api_key))
    assert.notInclude(`${JSON.stringify(account)}${inspect(account, { depth: 9 })}`, ownAccount.api_key)
    assert.strictEqual(Schema.encodeUnknownExit(User.OwnAccount)(account)._tag, "Failure")
  })

  it("decodes a user just created, who has no key yet, and the members of a list in both their forms", () => {
    assert.isNull(Schema.decodeUnknownSync(User.ManagedUser)(managedUser).api_key)
    const decode = Schema.decodeUnknownSync(User.Member)
    assert.strictEqual(decode(examples.owner).quota_in_bytes, 524288000)
    assert.strictEqual(decode(examples.bob).email, undefined)
  })

  const forms = [
    ["Me", User.Me, meWithProfile, ["username"], ["region", "first_name"]],
    ["OwnAccount", User.OwnAccount, ownAccount, ["id", "username"], ["state", "account_type", "role_display"]],
    ["ManagedUser", User.ManagedUser, managedUser, ["username"], ["role_display", "email"]],
    ["Member", User.Member, examples.owner, ["id", "username"], ["role_display", "email"]],
    ["Organization", Organization, organization, ["id", "name"], ["display_name", "geocoder_provider"]]
  ] as const
  for (const [name, schema, object, required, words] of forms) {
    it.effect.prop(
      `${name} decodes whatever else a server tells, or leaves out`,
      [mutations(object, optional(object, ...required), words)],
      ([value]) => Effect.asVoid(Schema.decodeUnknownEffect(schema)(value))
    )
  }
})
