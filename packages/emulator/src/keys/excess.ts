/** Whether a key is to get more than the account itself has. */
import * as Effect from "effect/Effect"
import { Auth } from "../Auth.ts"
import { Database } from "../Database.ts"
import { quoteIdentifier, quoteLiteral } from "../SqlText.ts"
import type { DatabaseGrants } from "./Grants.ts"

const all = (conditions: ReadonlyArray<string>): string =>
  ["true", ...conditions.map((condition) => `coalesce(${condition}, false)`)].join(" AND ")

/** What the application says of grants on tables and schemas that are unknown, or not the account's to give. */
export const excess = Effect.fnUntraced(function* ({ schemas = [], tables = [] }: DatabaseGrants) {
  const database = yield* Database
  const role = quoteLiteral((yield* Auth).role)
  const onTables = tables.flatMap(({ permissions, schema = "public", table }) => {
    const relation = `to_regclass(${quoteLiteral(`${quoteIdentifier(schema)}.${quoteIdentifier(table)}`)})`
    return [
      `${relation} IS NOT NULL`,
      ...permissions.map((permission) => `has_table_privilege(${role}, ${relation}, '${permission}')`)
    ]
  })
  const onSchemas = schemas.map(
    ({ schema }) =>
      `has_schema_privilege(${role}, to_regnamespace(${quoteLiteral(quoteIdentifier(schema))})::oid, 'create')`
  )
  const [may] = yield* database.rows(`SELECT ${all(onTables)} AS tables, ${all(onSchemas)} AS schemas`)
  return [
    ...(may?.tables === "t" ? [] : ["Grants can only grant table permissions you have"]),
    ...(may?.schemas === "t" ? [] : ["Grants can only grant schema permissions you have"])
  ]
})
