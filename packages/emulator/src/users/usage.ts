/** How much of the account is used: its size as the database tells it, counts as the catalog does. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Catalog } from "../catalog/Catalog.ts"
import { Database } from "../Database.ts"
import { quoteLiteral } from "../SqlText.ts"
import { stateSchema } from "../sql/state.ts"

const Usage = Schema.Struct({
  /** Bytes. */
  quota: Schema.FiniteFromString,
  /** Datasets. */
  tables: Schema.FiniteFromString,
  maps: Schema.FiniteFromString,
  publicMaps: Schema.FiniteFromString,
  linkMaps: Schema.FiniteFromString,
  passwordMaps: Schema.FiniteFromString,
  privateMaps: Schema.FiniteFromString,
  visualizations: Schema.FiniteFromString,
  publicVisualizations: Schema.FiniteFromString,
  /** Milliseconds since the epoch. */
  lastVisualization: Schema.NullOr(Schema.FiniteFromString)
})
export type Usage = typeof Usage.Type

const decode = Schema.decodeUnknownEffect(Schema.Tuple([Usage]))

const maps = (privacy: string): string => `count(*) filter (where type = 'derived' and privacy = '${privacy}')`

const question = (schema: string): string => `
  select cartodb._cdb_userquotainbytes(${schema}) as quota,
    count(*) filter (where type = 'table') as tables, count(*) filter (where type = 'derived') as maps,
    ${maps("PUBLIC")} as "publicMaps", ${maps("LINK")} as "linkMaps", ${maps("PASSWORD")} as "passwordMaps",
    ${maps("PRIVATE")} as "privateMaps", count(*) as visualizations,
    count(*) filter (where privacy = 'PUBLIC') as "publicVisualizations", max(created_at) as "lastVisualization"
  from ${stateSchema}.visualizations where schema = ${schema}`

/** Of one user, by the schema of its tables, as it is now. */
export const usageOf = Effect.fnUntraced(function* (schema: string) {
  const database = yield* Database
  // Brings the catalog up to what SQL made of the tables.
  yield* (yield* Catalog).select("where false")
  const rows = yield* database.rows(question(quoteLiteral(schema)))
  const [found] = yield* Effect.orDie(decode(rows))
  return found
})

/** The bytes of one user's tables. Apart from the rest, for PostgreSQL looks at the files of all of them. */
export const sizeOf = Effect.fnUntraced(function* (schema: string) {
  const [row] = yield* (yield* Database).rows(`select cartodb.cdb_userdatasize(${quoteLiteral(schema)}) as size`)
  return Number(row?.size)
})
