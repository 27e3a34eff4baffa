/** How much of the account is used: sizes as the database tells them, counts as the catalog does. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Auth } from "../Auth.ts"
import { Catalog } from "../catalog/Catalog.ts"
import { Database } from "../Database.ts"
import { quoteLiteral } from "../SqlText.ts"
import { stateSchema } from "../sql/state.ts"

const Usage = Schema.Struct({
  /** Bytes, as is `size`. */
  quota: Schema.FiniteFromString,
  size: Schema.FiniteFromString,
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
  select cartodb._cdb_userquotainbytes(${schema}) as quota, cartodb.cdb_userdatasize(${schema}) as size,
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

/** Of the user who is asked. */
export const usage = Effect.flatMap(Auth, ({ schema }) => usageOf(schema))
