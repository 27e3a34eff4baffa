/** What a key is to be allowed, as flags. */

import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import type { TableGrant } from "./grants.ts"

const permissions = ["select", "insert", "update", "delete"] as const
const services = ["geocoding", "routing", "isolines", "observatory"] as const

const oneOf =
  <const Word extends string>(words: ReadonlyArray<Word>) =>
  (text: string): Option.Option<readonly [Word, ...ReadonlyArray<Word>]> => {
    const given = text.split(",").map((part) => part.trim().toLowerCase())
    const known = words.filter((word) => given.includes(word))
    const [first, ...rest] = known
    return first !== undefined && given.every((part) => known.some((word) => word === part))
      ? Option.some([first, ...rest])
      : Option.none()
  }

/** `cities`, `ada.roads:select,insert`. Behind the last colon stands what is allowed; without one it is `select`. */
export const parseTable = (text: string): Option.Option<TableGrant> => {
  const colon = text.lastIndexOf(":")
  const table = colon < 0 ? text : text.slice(0, colon)
  if (table === "") return Option.none()
  return Option.map(oneOf(permissions)(colon < 0 ? "select" : text.slice(colon + 1)), (permissions) => ({
    table,
    permissions
  }))
}

export const grantFlags = {
  sql: Flag.Boolean("sql").pipe(
    Flag.withDescription("May use the SQL API: statements and COPY"),
    Flag.withDefault(false)
  ),
  maps: Flag.Boolean("maps").pipe(Flag.withDescription("May use the Maps API"), Flag.withDefault(false)),
  dataObservatory: Flag.Boolean("data-observatory").pipe(
    Flag.withDescription("May use the API of the Data Observatory"),
    Flag.withDefault(false)
  ),
  tables: Flag.String("table").pipe(
    Flag.filterMap(parseTable, () => "TABLE or TABLE:PERMISSIONS, of select, insert, update and delete"),
    Flag.withMetavar("TABLE:PERMISSIONS"),
    Flag.withDescription(
      "What it may do with a table, such as cities:select,insert or another's ada.roads; may be given again and again"
    ),
    Flag.atLeast(0)
  ),
  createTables: Flag.Boolean("create-tables").pipe(
    Flag.withDescription("May make tables, which it then owns"),
    Flag.withDefault(false)
  ),
  schemas: Flag.String("schema").pipe(
    Flag.withMetavar("SCHEMA"),
    Flag.withDescription("May make tables in this schema; may be given again and again"),
    Flag.atLeast(0)
  ),
  dataservices: Flag.String("dataservices").pipe(
    Flag.filterMap(oneOf(services), () => "some of geocoding, routing, isolines and observatory, with commas between"),
    Flag.withMetavar("SERVICES"),
    Flag.withDescription("May use the account's quota: geocoding,routing,isolines,observatory"),
    Flag.optional
  ),
  datasets: Flag.String("dataset").pipe(
    Flag.withMetavar("ID"),
    Flag.withDescription("A dataset of the Data Observatory, project.dataset.table; may be given again and again"),
    Flag.atLeast(0)
  ),
  tableMetadata: Flag.Boolean("table-metadata").pipe(
    Flag.withDescription("May list the names of all datasets"),
    Flag.withDefault(false)
  ),
  userProfile: Flag.Boolean("user-profile").pipe(
    Flag.withDescription("May read the user's profile"),
    Flag.withDefault(false)
  )
} as const
