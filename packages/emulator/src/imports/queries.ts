/** Imports that stay inside of the database: the result of a query, or a copy of a dataset. */
import * as Effect from "effect/Effect"
import { Auth } from "../Auth.ts"
import { Database } from "../Database.ts"
import { asSubquery, quoteIdentifier, quoteLiteral } from "../SqlText.ts"
import type { ImportOptions } from "./Asked.ts"
import { failure } from "./failures.ts"
import { codeOf, enlist, grantsOn, place } from "./publish.ts"

/** Makes a dataset of a query, with the rights of the account's owner; none when it is to be skipped. */
export const importQuery = Effect.fnUntraced(function* (sql: string, wanted: string, options: ImportOptions) {
  const database = yield* Database
  const found = yield* Effect.orDie(place(wanted, options.collision))
  if (found === undefined) return undefined
  const { isTaken, name } = found
  const { role, schema } = yield* Auth
  const target = `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
  const grants = isTaken ? yield* Effect.orDie(grantsOn(name)) : []
  // Built beside the table it replaces, from which the query may read.
  const built = `${quoteIdentifier(schema)}.${quoteIdentifier(`${name.slice(0, 50)}_import`)}`
  const statements = [
    `create table ${built} as select * from (${asSubquery(sql)}) as _query`,
    ...(isTaken ? [`drop table ${target}`] : []),
    `alter table ${built} rename to ${quoteIdentifier(name)}`,
    `select cartodb.cdb_cartodbfytable(${quoteLiteral(schema)}, ${quoteLiteral(target)}::regclass)`,
    ...grants
  ].join(";\n")
  yield* Effect.mapError(database.rows(statements, { role }), (error) =>
    failure(error.code === "2BP01" ? codeOf(error) : 8003)
  )
  return yield* Effect.orDie(enlist(name, options.privacy))
})
