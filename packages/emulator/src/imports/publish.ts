/** Makes staged rows a dataset of the account: under a free name, in the place of another, or not at all. */
import * as Effect from "effect/Effect"
import { Auth } from "../Auth.ts"
import { Catalog } from "../catalog/Catalog.ts"
import { tableName } from "../catalog/tableName.ts"
import { Database, DatabaseError } from "../Database.ts"
import { quoteIdentifier, quoteLiteral } from "../SqlText.ts"
import type { ImportOptions } from "./Asked.ts"
import { datasetSql, unusableKey } from "./datasetSql.ts"
import { failure } from "./failures.ts"
import { type Georeference, georeference } from "./georeference.ts"
import type { Made } from "./Import.ts"
import { evaluated, type Staged } from "./Staged.ts"

/** Where a dataset is to go. */
export interface Place {
  readonly name: string
  /** Whether a table of that name is there, to be replaced. */
  readonly isTaken: boolean
}

/** Finds the place for a wanted name; none when the dataset is to be skipped. */
export const place = Effect.fnUntraced(function* (wanted: string, collision: ImportOptions["collision"]) {
  const database = yield* Database
  const catalog = yield* Catalog
  const name = tableName(wanted)
  // The catalog is to know first of tables that SQL has dropped: a new one of that name would inherit their ids.
  yield* catalog.dataset(name)
  const [found] = yield* database.rows(
    `select 1 as found from pg_catalog.pg_class where relname = ${quoteLiteral(name)}
     and relnamespace = ${quoteLiteral(quoteIdentifier((yield* Auth).schema))}::regnamespace`
  )
  if (found === undefined) return { name, isTaken: false } satisfies Place
  if (collision === "skip") return undefined
  return collision === "overwrite"
    ? ({ name, isTaken: true } satisfies Place)
    : ({ name: yield* catalog.freeTableName(wanted), isTaken: false } satisfies Place)
})

/** What others may do with a table, as statements that give it to the next table of that name. */
export const grantsOn = Effect.fnUntraced(function* (name: string) {
  const database = yield* Database
  const target = `${quoteIdentifier((yield* Auth).schema)}.${quoteIdentifier(name)}`
  const rows = yield* database.rows(
    `select format('grant %s on ${target.replaceAll("%", "%%").replaceAll("'", "''")} to %I', privilege_type, rolname) as statement
     from pg_catalog.pg_class c, aclexplode(c.relacl) a join pg_catalog.pg_roles r on r.oid = a.grantee
     where c.oid = ${quoteLiteral(target)}::regclass and a.grantee <> c.relowner`
  )
  return rows.flatMap(({ statement }) => (statement ? [statement] : []))
})

const reservedWords = Effect.fnUntraced(function* () {
  const rows = yield* (yield* Database).rows(
    "select word from pg_catalog.pg_get_keywords() where catcode in ('R', 'T')"
  )
  return new Set(rows.flatMap(({ word }) => (word ? [word] : [])))
})

/** What went wrong when a table was made, as one of CARTO's codes. */
export const codeOf = ({ code }: DatabaseError): number => {
  if (code === unusableKey) return 2011
  if (code === "2BP01") return 2013
  // PostGIS tells all of its own errors as internal ones.
  return code === "XX000" ? 2014 : 2001
}

/** Tells the catalog of a new table, and sets the privacy that was asked for. */
export const enlist = Effect.fnUntraced(function* (name: string, privacy: ImportOptions["privacy"]) {
  const catalog = yield* Catalog
  const dataset = yield* catalog.dataset(name)
  if (dataset === undefined) return yield* new DatabaseError({ code: "42P01", message: `no dataset ${name}` })
  const upper = { public: "PUBLIC", private: "PRIVATE", link: "LINK" } as const
  if (privacy !== undefined) yield* catalog.update(dataset.id, { privacy: upper[privacy] })
  return { id: dataset.table_id ?? dataset.id, name } satisfies Made
})

/** Makes the dataset. A column that looks like geometries and holds none stays as it is. */
export const publish = Effect.fnUntraced(
  function* (staged: Staged, { isTaken, name }: Place, privacy: ImportOptions["privacy"]) {
    const database = yield* Database
    const values = evaluated(staged)
    const reserved = yield* reservedWords()
    const { role, schema } = yield* Auth
    const replaced = isTaken ? yield* grantsOn(name) : undefined
    const make = Effect.fnUntraced(function* (georeference: Georeference | undefined) {
      const sql = datasetSql({ name, role, schema, staged: values, georeference, reserved, replaced })
      return yield* sql === undefined ? Effect.fail(failure(2011)) : database.rows(sql)
    })
    const source = values.geometry === undefined ? georeference(values.columns) : undefined
    yield* source?.isUncertain ? Effect.catchTag(make(source), "DatabaseError", () => make(undefined)) : make(source)
    return yield* enlist(name, privacy)
  },
  Effect.catchTag("DatabaseError", (error) => Effect.fail(failure(codeOf(error))))
)
