import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Emulator } from "../src/Emulator.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { content, serve } from "./FileServer.ts"
import { accepted, askJson, columnsOf, finished, rows } from "./importing.ts"
import { serverUrl } from "./PostgresServer.ts"

const layer = Emulator.layer({ maxImportSize: 1000, maxImportRows: 50 }).pipe(
  Layer.provideMerge(PgliteDatabase.layer())
)

const texts = (sql: string) => Effect.map(rows(sql), (all) => all.map((row) => Object.values(row).join("|")))
const run = (body: unknown) => Effect.flatMap(accepted(askJson("imports", body)), finished)

const csv = "a\n1\n"

it.layer(layer, { timeout: "3 minutes", excludeTestServices: true })("Imports of other sources", (it) => {
  describe("addresses", () => {
    it.effect("a file is named by its headers, or by its address, whose capitals are kept", () =>
      Effect.gen(function* () {
        const url = yield* serve({
          "/Data/Some%20File.CSV": content(csv),
          "/sql": content(csv, { "content-disposition": 'attachment; filename="Named.csv"' }),
          "/typed": content('{"type":"Point","coordinates":[1,2]}', {
            "content-type": "application/json; charset=utf-8"
          }),
          "/moved": (_, response) => response.writeHead(302, { location: "/Data/Some%20File.CSV" }).end()
        })
        const direct = yield* run({ url: `${url}/Data/Some%20File.CSV?x=1` })
        assert.deepInclude(direct, {
          state: "complete",
          table_name: "some_file",
          data_type: "url",
          display_name: "Some%20File.CSV",
          original_url: `${url}/Data/Some%20File.CSV?x=1`
        })
        assert.deepInclude(yield* run({ url: `${url}/sql` }), { table_name: "named" })
        assert.deepInclude(yield* run({ url: `${url}/typed` }), { table_name: "typed" })
        assert.deepInclude(yield* run({ url: `${url}/moved`, collision_strategy: "overwrite" }), { state: "complete" })
      }).pipe(Effect.scoped)
    )

    it.effect("what a server refuses is told with its status", () =>
      Effect.gen(function* () {
        const url = yield* serve({
          "/secret.csv": content("", {}, 403),
          "/down.csv": content("", {}, 503),
          "/cut.csv": (_, response) => {
            response.writeHead(200, { "content-length": "100" })
            response.write(csv, () => response.destroy())
          }
        })
        assert.deepInclude(yield* run({ url: `${url}/gone.csv` }), {
          state: "failure",
          error_code: 1100,
          http_response_code: "404",
          http_response_code_message: "Not Found"
        })
        assert.deepInclude(yield* run({ url: `${url}/secret.csv` }), { error_code: 1101, http_response_code: "403" })
        assert.deepInclude(yield* run({ url: `${url}/down.csv` }), { error_code: 1001, http_response_code: "503" })
        assert.deepInclude(yield* run({ url: `${url}/cut.csv` }), { error_code: 1103 })
        assert.deepInclude(yield* run({ url: "http://no-such-host.invalid/a.csv" }), { error_code: 1102 })
        assert.deepInclude(yield* run({ url: "http://127.0.0.1:1/a.csv" }), { error_code: 1001 })
        assert.deepInclude(yield* run({ url: "ftp://127.0.0.1/a.csv" }), { error_code: 1001 })
      }).pipe(Effect.scoped)
    )

    it.effect("an account's limits hold", () =>
      Effect.gen(function* () {
        const url = yield* serve({
          "/big.csv": content(`a\n${"x".repeat(1000)}\n`),
          "/long.csv": content(`a\n${"1\n".repeat(51)}`)
        })
        assert.deepInclude(yield* run({ url: `${url}/big.csv` }), { error_code: 6666 })
        assert.deepInclude(yield* run({ url: `${url}/long.csv` }), { error_code: 6668 })
        const [{ before } = { before: null }] = yield* rows("select cdb_setuserquotainbytes(1) as before")
        assert.deepInclude(yield* run({ sql: "select 1 as a" }), { state: "complete" })
        assert.deepInclude(yield* run({ url: `${url}/long.csv` }), { error_code: 8001 })
        yield* rows(`select cdb_setuserquotainbytes(${before})`)
      }).pipe(Effect.scoped)
    )
  })

  describe("other databases", () => {
    const connector = (more: object, sslmode = "disable") => {
      const { hostname, password, pathname, port, username } = new URL(
        serverUrl ?? "postgres://nobody@127.0.0.1:1/none"
      )
      const connection = { server: hostname, port, database: pathname.slice(1), username, password, sslmode }
      return { connector: { provider: "postgres", connection, ...more } }
    }

    it.effect.skipIf(serverUrl === undefined)("a query of another PostgreSQL becomes a dataset with its types", () =>
      Effect.gen(function* () {
        const query = `select 1::int8 as id, 'a\tb' as name, '{1,2}'::int[] as list, 1.50::numeric as price, true as ok,
          '2020-01-01T00:00:00Z'::timestamptz as seen, 'POINT(1 2)' as wkt`
        const done = yield* run(connector({ sql_query: query, import_as: "Parcels" }))
        assert.deepInclude(done, { state: "complete", table_name: "parcels", data_type: "datasource" })
        assert.deepStrictEqual(yield* columnsOf("parcels"), [
          "id bigint",
          "name text",
          "list text",
          "price numeric",
          "ok boolean",
          "seen timestamp with time zone"
        ])
        assert.deepStrictEqual(yield* texts("select ST_AsText(the_geom), id, name, list, price from parcels"), [
          "POINT(1 2)|1|a\tb|{1,2}|1.50"
        ])
        const table = yield* run(connector({ schema: "pg_catalog", table: "pg_database", columns: "datname, oid" }))
        assert.deepInclude(table, { state: "complete", table_name: "pg_database" })
        assert.deepInclude(yield* run(connector({ table: "no_such_table" })), { error_code: 1500 })
      })
    )

    it.effect("a server that cannot be reached fails, as do providers that only CARTO has", () =>
      Effect.gen(function* () {
        const connection = { server: "127.0.0.1", port: 1, database: "d", username: "u", password: "p" }
        const dead = { connector: { provider: "postgres", connection, table: "t" } }
        assert.deepInclude(yield* run(dead), { state: "failure", error_code: 1500 })
        assert.deepInclude(yield* run({ connector: { provider: "MySQL", Connection: connection, table: "t" } }), {
          state: "failure",
          error_code: 1501
        })
      })
    )
  })
})
