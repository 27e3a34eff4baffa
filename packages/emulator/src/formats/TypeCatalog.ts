/** PostgreSQL's types as the SQL API knows them: those of a bare PostgreSQL, geometry, geography and raster. */
import * as Effect from "effect/Effect"
import { Database } from "../Database.ts"

/** Type names by OID. What is not here is `unknown(OID)` on the wire: enums, composites, types of extensions. */
export type TypeCatalog = ReadonlyMap<number, string>

// OIDs below are given at build time of PostgreSQL, those from here on at run time.
const firstNormalOid = 16_384

/** Reads the catalog once; types made later stay unknown, as they do on the real servers. */
export const readTypeCatalog = Effect.gen(function* () {
  const database = yield* Database
  const rows = yield* database.rows(
    `SELECT oid, typname FROM pg_type WHERE oid < ${firstNormalOid} OR typname IN ('geometry', 'geography', 'raster')`
  )
  const catalog: TypeCatalog = new Map(rows.map(({ oid, typname }) => [Number(oid), typname ?? ""]))
  return catalog
})
