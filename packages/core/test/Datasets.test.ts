import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as DatasetRows from "../src/DatasetRows.ts"
import { Datasets } from "../src/Datasets.ts"
import * as ImportSource from "../src/ImportSource.ts"
import { Imports } from "../src/Imports.ts"
import { Sql } from "../src/Sql.ts"
import { SqlCopy } from "../src/SqlCopy.ts"
import { SqlJobs } from "../src/SqlJobs.ts"
import { Synchronizations } from "../src/Synchronizations.ts"
import { Visualization } from "../src/Visualization.ts"
import * as examples from "./examples.ts"
import type { Reply, Seen } from "./HttpMock.ts"
import { asked, nothing, page, reasonOf, type Script, seen, sent, served } from "./platform.ts"

const layer = (script: Script, options?: { readonly readOnly?: boolean }) =>
  served(
    Datasets.layer(options).pipe(
      Layer.provide([Imports.layer(), Sql.layer(), SqlCopy.layer(), SqlJobs.layer(), Synchronizations.layer()])
    ),
    script
  )

const dataset = examples.detail
const { id } = dataset
const found: Reply = { body: dataset }
const pathOf = ({ url }: Seen) => new URL(url).pathname
const statementOf = ({ body }: Seen): string =>
  body.startsWith("{") ? ((JSON.parse(body) as { q?: string }).q ?? "") : ""

describe("Datasets.list", () => {
  it.effect("asks for datasets with their tables, ordered and filtered", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      yield* Stream.runDrain(
        datasets.list({
          orderBy: "size",
          direction: "asc",
          bbox: [-1, 2, 3, 4.5],
          excludeRaster: true,
          subscribed: true,
          sample: false,
          include: ["table_size_and_row_count"]
        })
      )
      const parameters = new URL((yield* seen)[0]?.url ?? "").searchParams
      assert.strictEqual(parameters.get("types"), "table")
      assert.strictEqual(parameters.get("order"), "size")
      assert.strictEqual(parameters.get("order_direction"), "asc")
      assert.strictEqual(parameters.get("bbox"), "-1,2,3,4.5")
      assert.strictEqual(parameters.get("exclude_raster"), "true")
      assert.strictEqual(parameters.get("subscribed"), "true")
      assert.isNull(parameters.get("sample"))
      assert.isNull(parameters.get("show_table"))
      assert.isNull(parameters.get("show_table_size_and_row_count"))
      assert.strictEqual(parameters.get("show_stats"), "false")
    }).pipe(Effect.provide(layer([page([])])))
  )
})

describe("Datasets.get", () => {
  it.effect("reads by id, by name, and by schema and name", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      for (const name of [id, "stations", '"alice".stations', "alice.stations", '"100%"']) yield* datasets.get(name)
      assert.deepStrictEqual(
        (yield* seen).map(pathOf),
        [id, "stations", "alice.stations", "alice.stations", "100%25"].map((name) => `/api/v1/viz/${name}`)
      )
    }).pipe(Effect.provide(layer([found])))
  )

  it.effect("finds a name with a dot by a search, because the server would split it", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      yield* datasets.get('"v1.2"')
      assert.strictEqual(new URL((yield* seen)[0]?.url ?? "").searchParams.get("q"), "v1.2")
      assert.strictEqual((yield* asked).at(-1), `GET /api/v1/viz/${id}`)
    }).pipe(
      Effect.provide(
        layer((one) =>
          pathOf(one) !== "/api/v1/viz"
            ? found
            : page(one.url.includes("page=1") ? [{ ...dataset, name: "v1.2" }] : [], 1)
        )
      )
    )
  )

  it.effect("a map of that name is no dataset", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const reason = yield* reasonOf(datasets.get("stations"))
      assert.strictEqual(reason._tag, "NotFoundError")
      assert.include(reason.message, "derived")
    }).pipe(Effect.provide(layer([{ body: examples.map }])))
  )
})

describe("Datasets.delete", () => {
  const script =
    (table: object, deleted: Reply = { status: 204 }): Script =>
    (one) =>
      one.method === "DELETE"
        ? deleted
        : pathOf(one).startsWith("/api/v1/tables")
          ? { body: { ...examples.tableDetail, ...table } }
          : found
  const [used] = examples.tableDetail.dependent_visualizations

  it.effect("refuses while maps use the dataset, and names them", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const reason = yield* reasonOf(datasets.delete("stations"))
      assert.strictEqual(reason._tag, "ValidationError")
      assert.strictEqual(
        reason.message,
        `this would delete the map "Stations map" (${examples.map.id}), and take layers from 2 maps: "A" (a), "B" (b)`
      )
      assert.include(reason.advice, "force")
      assert.deepStrictEqual(yield* asked, ["GET /api/v1/viz/stations", `GET /api/v1/tables/${dataset.table.id}`])
    }).pipe(
      Effect.provide(
        layer(
          script({
            non_dependent_visualizations: [
              { ...used, id: "a", name: "A" },
              { ...used, id: "b", name: "B" }
            ]
          })
        )
      )
    )
  )

  it.effect("deletes what nothing uses", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      yield* datasets.delete("stations")
      assert.strictEqual((yield* asked).at(-1), `DELETE /api/v1/viz/${id}`)
    }).pipe(Effect.provide(layer(script({ dependent_visualizations: [] }))))
  )

  it.effect("refuses where nobody knows which maps use it", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      assert.strictEqual((yield* reasonOf(datasets.delete("stations")))._tag, "ValidationError")
      assert.lengthOf(yield* seen, 1)
    }).pipe(Effect.provide(layer([{ body: { ...dataset, table: {} } }])))
  )

  it.effect("forceDelete asks for no dependents", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      yield* datasets.forceDelete(id)
      assert.deepStrictEqual(yield* asked, [`GET /api/v1/viz/${id}`, `DELETE /api/v1/viz/${id}`])
    }).pipe(Effect.provide(layer(script({}))))
  )

  it.effect("one that is not the caller's fails with the server's words", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const reason = yield* reasonOf(datasets.forceDelete(id))
      assert.strictEqual(reason._tag, "AuthError")
      assert.strictEqual(reason.message, "Visualization not editable")
      assert.include(reason.advice, "owner")
    }).pipe(
      Effect.provide(
        layer(script({}, { status: 403, body: { errors: "Visualization not editable", errors_cause: null } }))
      )
    )
  )

  it.effect("one that views are built on says so", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const reason = yield* reasonOf(datasets.delete(id))
      assert.strictEqual(reason.message, "cannot drop table stations because other objects depend on it")
      assert.match(reason.advice, /Views or foreign keys .* drop them first; nothing was deleted/)
    }).pipe(
      Effect.provide(
        layer(
          script(
            { dependent_visualizations: [] },
            { status: 400, body: { errors: ["cannot drop table stations because other objects depend on it"] } }
          )
        )
      )
    )
  )

  it.effect("one that somebody deleted meanwhile is a NotFoundError", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      assert.strictEqual((yield* reasonOf(datasets.delete(id)))._tag, "NotFoundError")
    }).pipe(Effect.provide(layer(script({ dependent_visualizations: [] }, nothing))))
  )
})

describe("Datasets.update", () => {
  it.effect("a rename that the database refused is an error", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const reason = yield* reasonOf(datasets.update("stations", { name: "taken" }))
      assert.strictEqual(reason._tag, "ValidationError")
      assert.deepStrictEqual(yield* sent, [{ name: "taken", id }])
    }).pipe(Effect.provide(layer([found])))
  )

  it.effect("a name that the server made valid is told by the answer", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      assert.strictEqual((yield* datasets.update(id, { name: "My Stations" })).name, "my_stations")
    }).pipe(
      Effect.provide(
        layer(({ method }) => ({ body: method === "GET" ? dataset : { ...dataset, name: "my_stations" } }))
      )
    )
  )
})

describe("Datasets.create", () => {
  const url = ImportSource.url("https://example.test/stations.csv")
  const imported = {
    id: "9f4b1d3e-5b5e-4c10-9c1d-0f3f6c1b7a11",
    item_queue_id: "9f4b1d3e-5b5e-4c10-9c1d-0f3f6c1b7a11",
    state: "complete",
    success: true,
    table_name: "stations",
    table_id: dataset.table.id,
    tables_created_count: 1
  }
  const importing =
    (privacy: string): Script =>
    (one) => {
      if (pathOf(one) === "/api/v1/imports") return { body: { item_queue_id: imported.item_queue_id, success: true } }
      if (pathOf(one).startsWith("/api/v1/imports/")) return { body: imported }
      if (one.method === "PUT") return { body: { ...dataset, privacy: JSON.parse(one.body).privacy } }
      return pathOf(one) === "/api/v1/viz" ? page([]) : { body: { ...dataset, privacy } }
    }

  for (const [given, puts] of [
    ["PUBLIC", 0],
    ["PRIVATE", 1]
  ] as const) {
    it.effect(`sees to the privacy that was asked for, where the import made it ${given}`, () =>
      Effect.gen(function* () {
        const datasets = yield* Datasets
        const fiber = yield* Effect.forkChild(datasets.create(url, { privacy: "public" }))
        yield* TestClock.adjust("1 minute")
        const made = yield* Fiber.join(fiber)
        assert.deepStrictEqual(
          made.map(({ name, privacy }) => [name, privacy]),
          [["stations", "PUBLIC"]]
        )
        assert.lengthOf(
          (yield* seen).filter(({ method }) => method === "PUT"),
          puts
        )
      }).pipe(Effect.provide(layer(importing(given))))
    )
  }

  it.effect("with an interval it makes a synchronization, and gives its dataset", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const fiber = yield* Effect.forkChild(datasets.create(url, { interval: "1 hour", privacy: "link" }))
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(
        (yield* Fiber.join(fiber)).map(({ name, privacy }) => [name, privacy]),
        [["stations", "LINK"]]
      )
      const [creation] = yield* sent
      assert.deepInclude(creation, { url: "https://example.test/stations.csv", interval: 3600 })
    }).pipe(
      Effect.provide(
        layer((one) => {
          const path = pathOf(one)
          if (path.startsWith("/api/v1/synchronizations")) {
            const synchronization = { ...examples.synchronization, visualization_id: id }
            return {
              body:
                one.method === "POST"
                  ? {
                      ...synchronization,
                      state: "queued",
                      data_import: { endpoint: "/api/v1/imports", item_queue_id: imported.item_queue_id }
                    }
                  : synchronization
            }
          }
          if (path.startsWith("/api/v1/imports/")) return { body: imported }
          return { body: one.method === "PUT" ? { ...dataset, privacy: "LINK" } : dataset }
        })
      )
    )
  )

  it.effect("refuses an interval for what cannot be kept in step, and options that would be lost", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const bytes = ImportSource.bytes("a.csv", Stream.make(Uint8Array.of(1)))
      assert.strictEqual((yield* reasonOf(datasets.create(bytes, { interval: "1 hour" })))._tag, "ValidationError")
      const lost = yield* reasonOf(datasets.create(url, { interval: "1 hour", collisionStrategy: "overwrite" }))
      assert.strictEqual(lost._tag, "ValidationError")
      assert.lengthOf(yield* seen, 0)
    }).pipe(Effect.provide(layer([])))
  )
})

describe("Datasets.cartodbfy", () => {
  const done: Reply = { body: { rows: [], time: 0.1, fields: {}, total_rows: 1 } }

  it.effect("names the account's own schema, and asks the list until it has the dataset", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const fiber = yield* Effect.forkChild(datasets.cartodbfy("stations"))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Fiber.join(fiber)).id, id)
      const [first] = yield* seen
      assert.strictEqual(
        first === undefined ? "" : statementOf(first),
        `select CDB_CartodbfyTable(current_schema()::text, '"stations"'::regclass)`
      )
    }).pipe(
      Effect.provide(
        layer((one, i) =>
          pathOf(one) !== "/api/v1/viz" ? done : page(i < 3 ? [{ ...dataset, name: "stations_2" }] : [dataset], 1)
        )
      )
    )
  )

  it.effect("fails when the list never has it", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const fiber = yield* Effect.forkChild(
        reasonOf(datasets.cartodbfy("alice.stations", { stalledAfter: "30 seconds" }))
      )
      yield* TestClock.adjust("2 minutes")
      const reason = yield* Fiber.join(fiber)
      assert.strictEqual(reason._tag, "TimeoutError")
      assert.include(reason.message, "stations")
      assert.include((yield* sent)[0]?.q, `CDB_CartodbfyTable('alice', '"alice"."stations"'::regclass)`)
    }).pipe(Effect.provide(layer((one) => (pathOf(one) === "/api/v1/viz" ? page([]) : done))))
  )
})

describe("Datasets.columns", () => {
  it.effect("are those of an empty answer, for which no catalog is read", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      assert.deepStrictEqual(yield* datasets.columns("bob.visits"), [
        { name: "cartodb_id", pgtype: "int8" },
        { name: "the_geom", pgtype: "geometry" }
      ])
      const all = yield* seen
      assert.deepStrictEqual(all.map(statementOf), ['select * from "bob"."visits" limit 0'])
    }).pipe(
      Effect.provide(
        layer([
          {
            body: {
              rows: [],
              time: 0.1,
              fields: { cartodb_id: { type: "number", pgtype: "int8" }, the_geom: { type: "geometry" } },
              total_rows: 0
            }
          }
        ])
      )
    )
  )
})

describe("Datasets.replace", () => {
  const fields = { cartodb_id: { type: "number", pgtype: "int4" }, name: { type: "string", pgtype: "text" } }
  const rows = DatasetRows.bytes([new TextEncoder().encode("name\nRome\n")], { columns: ["name"] })
  const lost: Reply = { error: { code: "ECONNRESET", message: "read ECONNRESET" } }
  const refused = (message: string): Reply => ({ status: 400, body: { error: [message] } })

  /** A database that answers statements by their first words. */
  const database =
    (answers: Readonly<Record<string, Reply>>) =>
    (one: Seen): Reply => {
      if (pathOf(one).endsWith("/copyfrom")) return { body: { time: 0.1, total_rows: 1 } }
      const statement = statementOf(one)
      const key = Object.keys(answers).find((key) => statement.startsWith(key))
      return (key === undefined ? undefined : answers[key]) ?? { body: { rows: [], time: 0.1, fields, total_rows: 0 } }
    }
  const replaced = Effect.flatMap(Datasets, (datasets) => datasets.replace("cities", rows))
  const statements = Effect.map(seen, (all) => all.map(statementOf).filter((text) => text !== ""))

  it.effect("swaps the rows in one request, behind a staging table that is dropped", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* replaced, { rows: 1 })
      const [look, stage, swap, ...others] = yield* statements
      assert.strictEqual(look, 'select * from "cities" limit 0')
      assert.match(stage ?? "", /^create table carto_staging_\w+ as select "name" from "cities" limit 0$/)
      assert.match(
        swap ?? "",
        /^lock table "cities" in share row exclusive mode;\ndo \$carto\$[\s\S]+;\ndelete from "cities";\ndo \$carto\$[\s\S]+;\ndrop table carto_staging_\w+$/
      )
      assert.lengthOf(others, 0)
    }).pipe(Effect.provide(layer(database({}))))
  )

  const noRows: Reply = { status: 400, body: { error: ["No rows copied"] } }
  const emptied = layer((one) => (pathOf(one).endsWith("/copyfrom") ? noRows : database({})(one)))

  it.effect("whether no rows may take the place of all, the swap says and not the COPY", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      assert.deepStrictEqual(yield* datasets.replace("cities", rows, { allowEmpty: true }), { rows: 0 })
      const swap = (yield* statements).at(-1) ?? ""
      assert.match(swap, /delete from "cities"/)
      assert.notInclude(swap, "the new data has no rows")
      yield* datasets.replace("cities", rows)
      assert.include((yield* statements).at(-1), "the new data has no rows")
    }).pipe(Effect.provide(emptied))
  )

  it.effect("adding no rows stays the error that COPY makes of it", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      assert.strictEqual((yield* reasonOf(datasets.append("cities", rows))).message, "No rows copied")
      assert.strictEqual((yield* reasonOf(datasets.upsert("cities", "name", rows))).message, "No rows copied")
    }).pipe(Effect.provide(emptied))
  )

  it.effect("an append goes straight into the table, unless a trigger may keep rows back", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      yield* datasets.append("cities", rows)
      assert.isFalse((yield* statements).some((text) => text.startsWith("create table")))
    }).pipe(
      Effect.andThen(
        Effect.gen(function* () {
          const datasets = yield* Datasets
          yield* datasets.append("cities", rows)
          const all = yield* statements
          assert.isTrue(all.some((text) => text.startsWith("create table carto_staging")))
          assert.match(all.at(-1) ?? "", /insert into "cities"[\s\S]+rows arrived/)
        }).pipe(
          Effect.provide(
            layer((one) =>
              statementOf(one).includes("pg_catalog.pg_trigger")
                ? refused("a trigger of the table may keep rows back")
                : database({})(one)
            )
          )
        )
      ),
      Effect.provide(layer(database({})))
    )
  )

  it.effect("columns by their names from before an import are told the names after it", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const strange = DatasetRows.bytes([new TextEncoder().encode("Name,mayor\n")])
      const reason = yield* reasonOf(datasets.append("cities", strange))
      assert.strictEqual(reason.message, 'the dataset has no column "Name", "mayor"')
      assert.strictEqual(
        reason.advice,
        'Its columns are "cartodb_id", "name"; write "name" for "Name", as an import does.'
      )
    }).pipe(Effect.provide(layer(database({}))))
  )

  it.effect("merging into a name that is taken loads nothing", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const reason = yield* reasonOf(datasets.merge("cities", [DatasetRows.table("cities")]))
      assert.strictEqual(reason.message, 'there is a table "cities" already')
      assert.lengthOf(yield* seen, 1)
    }).pipe(
      Effect.provide(
        layer(
          database({ "select 1 as taken": { body: { rows: [{ taken: 1 }], time: 0.1, fields: {}, total_rows: 1 } } })
        )
      )
    )
  )

  it.effect("of sources with other columns it names those that differ", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const other = DatasetRows.bytes([new TextEncoder().encode("town\n")])
      const { message } = yield* reasonOf(datasets.merge("all", [DatasetRows.table("cities"), other]))
      assert.strictEqual(
        message,
        'the sources have different columns: one lacks "name", which the first has, and one has "town", which the first lacks'
      )
    }).pipe(Effect.provide(layer(database({}))))
  )

  it.effect("an answer that was lost behind the commit is found out by the staging table", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* replaced, { rows: 1 })
    }).pipe(
      Effect.provide(
        layer(database({ lock: lost, "drop table carto": refused('table "carto_staging_0_0" does not exist') }))
      )
    )
  )

  it.effect("an answer that was lost before the commit is the error", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* reasonOf(replaced))._tag, "TransportError")
      const all = yield* statements
      assert.isTrue(all.some((text) => /^drop table carto/.test(text)))
    }).pipe(Effect.provide(layer(database({ lock: lost }))))
  )

  it.effect("a failure of the statement is no doubt, whatever became of the staging table", () =>
    Effect.gen(function* () {
      const reason = yield* reasonOf(replaced)
      assert.strictEqual(reason._tag, "SqlError")
      assert.strictEqual(reason.message, "deadlock detected")
      const last = (yield* statements).at(-1)
      assert.match(last ?? "", /^drop table if exists carto_staging_\w+$/)
    }).pipe(Effect.provide(layer(database({ lock: refused("deadlock detected") }))))
  )

  it.effect("errors carry the name of the call that was made", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(replaced)
      assert.strictEqual(error.operation, "Datasets.replace")
      assert.strictEqual(error.message, 'Datasets.replace: relation "cities" does not exist')
    }).pipe(Effect.provide(layer(database({ "select * from": refused('relation "cities" does not exist') }))))
  )

  it.effect("a key that may not make tables is told what to do", () =>
    Effect.gen(function* () {
      const reason = yield* reasonOf(replaced)
      assert.strictEqual(reason._tag, "AuthError")
      assert.strictEqual(reason.message, "permission denied for schema public")
      assert.include(reason.advice, "staging table")
    }).pipe(
      Effect.provide(
        layer(database({ "create table": { status: 403, body: { error: ["permission denied for schema public"] } } }))
      )
    )
  )

  it.effect("rows that a batch job had to load are not counted", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      assert.deepStrictEqual(yield* datasets.replace("cities", DatasetRows.query("select 'Rome' as name")), {
        rows: undefined
      })
      const job = (yield* seen).find((one) => pathOf(one).endsWith("/job"))
      assert.match(job?.body ?? "", /insert into carto_staging_\w+ /)
    }).pipe(
      Effect.provide(
        layer((one) =>
          pathOf(one).endsWith("/job")
            ? {
                status: 201,
                body: {
                  user: "alice",
                  job_id: "88f6717d-0656-4e8f-b67c-c56c1f400eef",
                  query: "insert",
                  status: "done",
                  created_at: "2026-11-22T13:59:41.070Z",
                  updated_at: "2026-11-22T13:59:41.070Z"
                }
              }
            : database({ insert: { status: 429, body: { error: ["timeout"], detail: "datasource" } } })(one)
        )
      )
    )
  )

  it.effect("a time limit that no job may break is told as it is", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* reasonOf(replaced))._tag, "StatementTimeoutError")
    }).pipe(
      Effect.provide(
        layer((one) =>
          pathOf(one).endsWith("/job")
            ? { status: 403, body: { error: ["permission denied"] } }
            : database({ lock: { status: 429, body: { error: ["timeout"], detail: "datasource" } } })(one)
        )
      )
    )
  )

  it.effect("a client that only reads changes nothing", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const changes = [
        replaced,
        datasets.append("cities", rows),
        datasets.upsert("cities", "name", rows),
        datasets.merge("new", [rows]),
        datasets.cartodbfy("cities"),
        datasets.create(ImportSource.url("https://example.test/a.csv")),
        datasets.copy("cities", "b"),
        datasets.delete("cities"),
        datasets.forceDelete("cities"),
        datasets.restore("new", {
          structure: { isTable: true, columns: [], constraints: [], indexes: [], comment: null },
          dataset: Schema.decodeUnknownSync(Visualization)(dataset),
          rows: Stream.empty
        })
      ]
      for (const change of changes) assert.strictEqual((yield* reasonOf(Effect.asVoid(change)))._tag, "ValidationError")
      assert.lengthOf(yield* seen, 0)
    }).pipe(Effect.provide(layer([], { readOnly: true })))
  )
})
