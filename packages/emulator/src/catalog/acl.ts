/** Lists of permissions as they are sent (platform reference, §10.2). */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Refusal } from "../Refusal.ts"
import { AclEntry, type Visualization } from "./Visualization.ts"

/** Any other member of the entity is refused, so that what the server shows cannot be sent back as it is. */
const entityMembers = ["id", "username", "name", "avatar_url"]

const Sent = Schema.Array(
  Schema.Struct({
    type: AclEntry.fields.type,
    entity: Schema.Record(Schema.String, Schema.Unknown),
    access: AclEntry.fields.access
  })
)

const badFormat = new Refusal({ status: 400 })

/** What the framework makes of a validation that nobody caught (E17). */
const invalid = new Refusal({ status: 422, body: { status: "422", error: "Unprocessable Entity" } })

const readEntity = (entity: Readonly<Record<string, unknown>>): Effect.Effect<string, Refusal> => {
  const { id } = entity
  return typeof id === "string" && Object.keys(entity).every((name) => entityMembers.includes(name))
    ? Effect.succeed(id)
    : Effect.fail(badFormat)
}

/** Fails with 400 for another format, with 422 for a right to write to what nobody else may write to. */
export const readAcl = Effect.fnUntraced(function* (
  sent: unknown,
  { type }: Visualization,
  isViewer: (id: string) => boolean
): Effect.fn.Return<ReadonlyArray<AclEntry>, Refusal> {
  const entries = yield* Effect.mapError(Schema.decodeUnknownEffect(Sent)(sent ?? []), () => badFormat)
  return yield* Effect.forEach(
    entries,
    Effect.fnUntraced(function* (entry) {
      const entity = yield* readEntity(entry.entity)
      if (entry.access === "rw" && (type !== "table" || isViewer(entity))) return yield* invalid
      return { type: entry.type, entity, access: entry.access }
    })
  )
})
