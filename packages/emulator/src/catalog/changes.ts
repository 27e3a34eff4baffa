/** What `PUT viz` may change, and what it refuses (platform reference, §8.6). */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { DatabaseError } from "../Database.ts"
import { passwordHash } from "../passwordHash.ts"
import { type Refusal, refuse } from "../Refusal.ts"
import { quoteLiteral } from "../SqlText.ts"
import { Catalog } from "./Catalog.ts"
import { Plan } from "./Plan.ts"
import { type Changes, Privacy, type Visualization } from "./Visualization.ts"

const text = Schema.optionalKey(Schema.NullOr(Schema.String))

/** What a body may hold; everything else is ignored. */
const Asked = Schema.Struct({
  name: Schema.optionalKey(Schema.String),
  display_name: text,
  active_layer_id: text,
  tags: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.String))),
  description: text,
  privacy: Schema.optionalKey(Schema.String),
  updated_at: Schema.optionalKey(Schema.NullOr(Schema.String)),
  locked: Schema.optionalKey(Schema.Boolean),
  source: text,
  title: text,
  license: text,
  attributions: text,
  kind: Schema.optionalKey(Schema.String),
  password: text,
  version: Schema.optionalKey(Schema.NullOr(Schema.Int)),
  transition_options: Schema.optionalKey(Schema.NullOr(Schema.Record(Schema.String, Schema.Json)))
})
type Asked = typeof Asked.Type

const errorUpdating = refuse(400, ["Error updating"])

export const passwordRequired = refuse(400, ["Password required for protected visualization"])

/** Members of a body by type. Fails with 400 and a list. */
export const decodeAsked = (body: unknown): Effect.Effect<Asked, Refusal> =>
  Effect.mapError(Schema.decodeUnknownEffect(Asked)(body), () => errorUpdating)

const isPrivacy = Schema.is(Privacy)

/** A privacy in either case, where this kind of thing can have it. */
export const readPrivacy = (type: Visualization["type"], asked: string): Effect.Effect<Privacy, Refusal> => {
  const privacy = asked.toUpperCase()
  return isPrivacy(privacy) && !(type === "table" && privacy === "PASSWORD")
    ? Effect.succeed(privacy)
    : Effect.fail(refuse(400, [`Privacy ${asked} is not valid`]))
}

const isOver = (count: number, quota: number | undefined): boolean => quota !== undefined && count >= quota

/** Refuses what the plan does not have: 403 with a list. */
export const checkPlan = Effect.fnUntraced(function* (
  { id, type }: Pick<Visualization, "id" | "type">,
  privacy: Privacy
): Effect.fn.Return<void, Refusal | DatabaseError, Catalog | Plan> {
  const plan = yield* (yield* Plan).get
  const isPrivate = privacy === "PRIVATE"
  if (isPrivate && !(type === "table" ? plan.privateTables : plan.privateMaps)) {
    return yield* refuse(403, ["Privacy cannot be set to private"])
  }
  const alike = yield* (yield* Catalog).count(
    `where type = '${type}' and id <> ${quoteLiteral(id)} and (privacy = 'PRIVATE') = ${isPrivate}`
  )
  if (type === "table") {
    if (!isPrivate && isOver(alike, plan.publicDatasetQuota)) {
      return yield* refuse(403, ["Privacy over account public dataset quota"])
    }
  } else if (isOver(alike, isPrivate ? plan.privateMapQuota : plan.publicMapQuota)) {
    return yield* refuse(403, [`Privacy over account ${isPrivate ? "private" : "public"} map quota`])
  }
})

const readInstant = (asked: string): Effect.Effect<number, Refusal> => {
  const millis = Date.parse(asked.replace(/ UTC$/, "Z"))
  return Number.isFinite(millis) ? Effect.succeed(millis) : Effect.fail(errorUpdating)
}

/** The columns to set, the name excepted: a table may keep its own. */
export const readChanges = Effect.fnUntraced(function* (visualization: Visualization, asked: Asked, now: number) {
  const { name: _, password, privacy: askedPrivacy, tags, transition_options, updated_at, version, ...plain } = asked
  const privacy = askedPrivacy === undefined ? undefined : yield* readPrivacy(visualization.type, askedPrivacy)
  if (privacy === "PASSWORD" && !password && visualization.password_hash === null) {
    return yield* passwordRequired
  }
  if (privacy !== undefined && privacy !== visualization.privacy) yield* checkPlan(visualization, privacy)
  const changes: Changes = {
    ...plain,
    updated_at: updated_at ? yield* readInstant(updated_at) : now,
    ...(privacy === undefined ? {} : { privacy }),
    ...(password ? { password_hash: passwordHash(visualization.id, password) } : {}),
    ...(tags === undefined ? {} : { tags: tags ?? [] }),
    ...(transition_options === undefined ? {} : { transition_options: transition_options ?? {} }),
    ...(version === undefined ? {} : { version: version ?? 2 })
  }
  return changes
})

/** PostgreSQL's refusal of a value, such as an id that is no UUID. */
export const asErrorUpdating = (_error: DatabaseError): Refusal => errorUpdating
