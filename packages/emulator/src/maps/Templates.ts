/** The templates of named maps. They are kept in the database, out of reach of any key's SQL. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Auth } from "../Auth.ts"
import { Database, type DatabaseError } from "../Database.ts"
import { quoteLiteral } from "../SqlText.ts"
import { prepare } from "../sql/prepare.ts"
import { stateSchema } from "../sql/state.ts"
import { type JsonObject, members, parse } from "./json.ts"
import { templateHash } from "./LayergroupId.ts"
import { badRequest, MapsError } from "./MapsError.ts"
import { MapsSettings } from "./MapsSettings.ts"

/** A template as it is stored, and its hash in the ids of its maps. */
export interface Template {
  readonly name: string
  readonly json: JsonObject
  readonly hash: string
}

/** The names of templates are unique; their order is that of their making. */
export class Templates extends Context.Service<
  Templates,
  {
    readonly list: Effect.Effect<ReadonlyArray<string>, MapsError>
    readonly get: (name: string) => Effect.Effect<Template | undefined, MapsError>
    /** Answers a warning once a month when few more are possible. Fails with 400 for a known name, with 409 for too many. */
    readonly create: (name: string, json: JsonObject) => Effect.Effect<string | undefined, MapsError>
    /** Fails with 404 when there is none. */
    readonly replace: (name: string, json: JsonObject) => Effect.Effect<void, MapsError>
    readonly remove: (name: string) => Effect.Effect<void, MapsError>
  }
>()("carto-emulator/Templates") {
  static readonly layer = Layer.effect(
    Templates,
    Effect.suspend(() => make())
  )
}

const table = `${stateSchema}.map_templates`

const defaultMaximum = 1024
const fewLeft = 100
const month = Duration.toMillis("30 days")

const failed = ({ message }: DatabaseError) => badRequest(message)

const make = Effect.fnUntraced(function* () {
  const database = yield* Database
  const { user } = yield* Auth
  const account = quoteLiteral(user)
  const named = (name: string) => `account = ${account} AND name = ${quoteLiteral(name)}`
  const maximum = (yield* MapsSettings).maxTemplates ?? defaultMaximum
  yield* prepare(
    `CREATE TABLE IF NOT EXISTS ${table} (account text, name text NOT NULL, template text NOT NULL, position bigserial);
     -- An older emulator knew one account only, which is the first to come here.
     ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS account text, DROP CONSTRAINT IF EXISTS map_templates_pkey;
     UPDATE ${table} SET account = ${account} WHERE account IS NULL;
     CREATE UNIQUE INDEX IF NOT EXISTS map_templates_names ON ${table} (account, name)`
  )
  let warnedAt = Number.NEGATIVE_INFINITY
  const rows = (sql: string) => Effect.mapError(database.rows(sql), failed)
  const missing = (name: string) =>
    new MapsError({ status: 404, message: `Template '${name}' of user '${user}' does not exist` })

  /** Whether a statement with RETURNING has touched a row. */
  const touches = (sql: string) => Effect.map(rows(sql), ({ length }) => length > 0)

  return Templates.of({
    list: Effect.map(rows(`SELECT name FROM ${table} WHERE account = ${account} ORDER BY position`), (all) =>
      all.map(({ name }) => name ?? "")
    ),
    get: Effect.fnUntraced(function* (name) {
      const [row] = yield* rows(`SELECT template FROM ${table} WHERE ${named(name)}`)
      if (row === undefined) return undefined
      const json = members(parse(row.template ?? ""))
      return { name, json, hash: templateHash(json) }
    }),
    create: Effect.fnUntraced(function* (name, json) {
      const [count] = yield* rows(
        `SELECT count(*) AS n, count(*) FILTER (WHERE name = ${quoteLiteral(name)}) AS same FROM ${table} WHERE account = ${account}`
      )
      if (Number(count?.same) > 0) return yield* badRequest(`Template '${name}' of user '${user}' already exists`)
      if (Number(count?.n) >= maximum) {
        const message = `User '${user}' reached limit on number of templates (${count?.n}/${maximum})`
        return yield* new MapsError({ status: 409, message })
      }
      yield* rows(
        `INSERT INTO ${table} (account, name, template) VALUES (${account}, ${quoteLiteral(name)}, ${quoteLiteral(JSON.stringify(json))})`
      )
      const now = yield* Clock.currentTimeMillis
      if (maximum - Number(count?.n) > fewLeft || now < warnedAt + month) return undefined
      warnedAt = now
      return `User ${user} reaching the named maps limit`
    }),
    replace: Effect.fnUntraced(function* (name, json) {
      const done = yield* touches(
        `UPDATE ${table} SET template = ${quoteLiteral(JSON.stringify(json))} WHERE ${named(name)} RETURNING name`
      )
      if (!done) return yield* missing(name)
    }),
    remove: Effect.fnUntraced(function* (name) {
      if (!(yield* touches(`DELETE FROM ${table} WHERE ${named(name)} RETURNING name`))) {
        return yield* missing(name)
      }
    })
  })
})
