/** What services keep in the database. */
import * as Effect from "effect/Effect"
import { Auth, ownHome } from "../Auth.ts"
import { Database } from "../Database.ts"

/**
 * Makes tables, views and functions once, for the account: before a member of its organization comes. Those who come
 * later would wait for everybody who reads them.
 */
export const prepare = Effect.fnUntraced(function* (sql: string) {
  if ((yield* Auth).schema === ownHome.schema) yield* (yield* Database).rows(sql)
})
