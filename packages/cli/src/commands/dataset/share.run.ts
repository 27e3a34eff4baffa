/** The work of `carto dataset share`. */
import type { Permission } from "@effect-carto/core/Permission"
import { type Grantee, Permissions } from "@effect-carto/core/Permissions"
import { Users } from "@effect-carto/core/Users"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { usage } from "../../CommandError.ts"
import { isUuid } from "../../isUuid.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"

export interface ShareInput {
  readonly idOrName: string
  readonly user: Option.Option<string>
  readonly group: Option.Option<string>
  readonly organization: Option.Option<string>
  readonly access: Option.Option<"read" | "write">
  readonly revoke: boolean
}

const shape = Records.shape(["type", "name", "access", "id"])
const changed = Records.shape(["dataset", "type", "name", "id", "access", "permission_id"])

export const run = Effect.fnUntraced(function* (input: ShareInput) {
  const { access, idOrName, revoke } = input
  if (revoke && Option.isSome(access)) return yield* usage("--revoke takes all access away.", "Leave --access out.")
  const [to, ...others] = [
    ...Option.toArray(Option.map(input.user, (name) => ({ type: "user", name }) as const)),
    ...Option.toArray(Option.map(input.group, (name) => ({ type: "group", name }) as const)),
    ...Option.toArray(Option.map(input.organization, (name) => ({ type: "org", name }) as const))
  ]
  if (others.length > 0) return yield* usage("A dataset is shared with one after the other.", "Give one flag of those.")
  if (to === undefined) {
    return revoke || Option.isSome(access)
      ? yield* usage("With whom?", "Name them with --user, --group or --organization.")
      : yield* withSession(Layer.mergeAll(Permissions.layer(), Users.layer()), shown(idOrName))
  }
  const word = Option.getOrElse(access, () => "read" as const)
  yield* Records.changed(
    changed,
    withSession(
      Layer.mergeAll(Permissions.layer(), Users.layer()),
      Effect.gen(function* () {
        const permissions = yield* Permissions
        const grantee = yield* find(to)
        const { id } = yield* revoke
          ? permissions.revoke(idOrName, grantee)
          : permissions.share(idOrName, grantee, word === "write" ? "rw" : "r")
        return { dataset: idOrName, ...to, id: grantee.id, access: revoke ? null : word, permission_id: id }
      })
    ),
    ({ dataset, id, name }) =>
      revoke ? `${name} has ${dataset} no more (${id})` : `${name} may ${word} ${dataset} (${id})`
  )
})

const shown = Effect.fnUntraced(function* (idOrName: string) {
  const { acl = [] } = yield* Effect.flatMap(Permissions, ({ get }) => get(idOrName))
  yield* Records.list(shape, Stream.fromIterable(acl.map(entry)))
})

const words: Readonly<Record<string, string>> = { r: "read", rw: "write", n: "none" }

const entry = ({ access, entity, type }: NonNullable<Permission["acl"]>[number]) => ({
  type,
  name: entity.username ?? entity.name,
  access: words[access] ?? access,
  id: entity.id
})

/** The server knows ids only; names are looked up in the organization. */
const find = Effect.fnUntraced(function* ({ name, type }: Pick<Grantee, "type"> & { readonly name: string }) {
  const named = (id: string): Grantee => ({ type, id })
  if (isUuid(name)) return named(name)
  const organization = yield* Effect.flatMap(Users, (users) => users.organization)
  if (organization === undefined) {
    return yield* usage("This account is in no organization.", "Datasets are shared within one; see dataset privacy.")
  }
  if (type === "org") {
    return organization.name === name
      ? named(organization.id)
      : yield* usage(`This account is in the organization ${organization.name}, not in ${name}.`)
  }
  const permissions = yield* Permissions
  const found = yield* permissions.grantables(organization.id, { search: name }).pipe(
    Stream.filter((one) => one.type === type && one.name === name),
    Stream.runHead
  )
  return Option.isSome(found)
    ? named(found.value.id)
    : yield* usage(`The organization ${organization.name} has no ${type} ${name}.`, "Names count to the letter.")
})
