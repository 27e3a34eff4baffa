import { assert, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { Emulator } from "../src/Emulator.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { json, send } from "./http.ts"
import { accepted, ask, askJson, columnsOf, finished, form, rows, status, upload } from "./importing.ts"

const layer = Emulator.layer().pipe(Layer.provideMerge(PgliteDatabase.layer()))

const texts = (sql: string) => Effect.map(rows(sql), (all) => all.map((row) => Object.values(row).join("|")))

it.layer(layer, { timeout: "3 minutes", excludeTestServices: true })("Imports", (it) => {
  it.effect("a CSV file becomes a dataset with a key and two geometries", () =>
    Effect.gen(function* () {
      const response = yield* ask(
        "imports",
        form("Mis Ciudades.csv", "name,latitude,longitude\nParis,48.85,2.35\nNowhere,,\n")
      )
      assert.deepStrictEqual([response.status, Object.keys(json(response))], [200, ["item_queue_id", "success"]])
      const id = json(response).item_queue_id
      const done = yield* finished(id)
      assert.deepInclude(done, {
        id,
        queue_id: id,
        state: "complete",
        success: true,
        table_name: "mis_ciudades",
        data_type: "file",
        display_name: "Mis_Ciudades.csv",
        tables_created_count: 1,
        error_code: null,
        get_error_text: null,
        warnings: null,
        any_table_raster: false,
        user_defined_limits: '{"twitter_credits_limit":0}'
      })
      assert.deepStrictEqual(
        yield* texts("select cartodb_id, ST_AsText(the_geom), name from mis_ciudades order by cartodb_id"),
        ["1|POINT(2.35 48.85)|Paris", "2||Nowhere"]
      )
      const [key] = yield* rows(
        "select pg_get_serial_sequence('mis_ciudades', 'cartodb_id') as s, relowner::regrole as o from pg_class where relname = 'mis_ciudades'"
      )
      assert.deepStrictEqual(key, { s: "public.mis_ciudades_cartodb_id_seq", o: "carto_owner" })
    })
  )
  it.effect("types are guessed, and destroy what they do not understand", () =>
    Effect.gen(function* () {
      yield* upload(
        "guess.csv",
        `zip,code,big,huge,ratio,day,seen,note
00501,E12,9223372036854775807,99999999999999999999,1.5,2020-02-29,2020-01-02T03:04:05Z,x
01002,E13,,1,2,2021/01/01,2021-01-01 00:00,1
`
      )
      assert.deepStrictEqual(yield* columnsOf("guess"), [
        "zip integer",
        "code double precision",
        "big bigint",
        "huge double precision",
        "ratio double precision",
        "day date",
        "seen timestamp with time zone",
        "note text"
      ])
      assert.deepStrictEqual(yield* texts("select zip, code, big, day, seen, note from guess order by 1"), [
        "501|0|9223372036854775807|2020-02-29|2020-01-02 03:04:05+00|x",
        "1002|0||2021-01-01|2021-01-01 00:00:00+00|1"
      ])
    })
  )

  it.effect("without type guessing everything is text, and without guessing in quotes what is quoted", () =>
    Effect.gen(function* () {
      const content = 'a,b\n"1",2\n'
      yield* upload("plain.csv", content, "?type_guessing=false")
      assert.deepStrictEqual(yield* columnsOf("plain"), ["a text", "b text"])
      yield* upload("quoted.csv", content, "?quoted_fields_guessing=false")
      assert.deepStrictEqual(yield* columnsOf("quoted"), ["a text", "b integer"])
      yield* upload("neither.csv", content)
      assert.deepStrictEqual(yield* columnsOf("neither"), ["a integer", "b integer"])
    })
  )

  it.effect("names are made fit for PostgreSQL, and headers are told from data", () =>
    Effect.gen(function* () {
      yield* upload("select.tsv", "2010 pop\tName!\tname_\tselect\tcartodb_id\tÑame\n1\tx\ty\tz\t7\tw\n")
      assert.deepStrictEqual(yield* columnsOf("select_t"), [
        "_2010_pop integer",
        "name_ text",
        "name__1 text",
        "_select text",
        "_ame text"
      ])
      assert.deepStrictEqual(yield* texts("select cartodb_id from select_t"), ["7"])
      yield* upload("1bare.csv", "1;a\n2,5;b\n")
      assert.deepStrictEqual(yield* texts("select field_1, field_2 from table_1bare order by 1"), ["1|a", "2.5|b"])
    })
  )

  it.effect("quotes, line ends, encodings and short records are read as they are meant", () =>
    Effect.gen(function* () {
      const content = Buffer.from('\ufeffa,b\r\n"x ""1""\r\n\\,",é\r\n\ty\r\n"",z,more\r\n', "utf8")
      yield* upload("quirks.csv", content)
      assert.deepStrictEqual(yield* rows("select a, b from quirks order by cartodb_id"), [
        { a: 'x "1"\r\n\\,', b: "é" },
        { a: "\ty", b: null },
        { a: "", b: "z" }
      ])
      yield* upload("latin.csv", Buffer.from("a,b\né,1\n", "latin1"))
      assert.deepStrictEqual(yield* texts("select a from latin"), ["é"])
      yield* upload("wide.csv", Buffer.from("\ufeffa,b\né,1\n", "utf16le"))
      assert.deepStrictEqual(yield* texts("select a from wide"), ["é"])
    })
  )

  it.effect("a column with geometries becomes the geometry, whatever way they are written", () =>
    Effect.gen(function* () {
      const point = "0101000020E6100000000000000000F03F0000000000000040"
      yield* upload(
        "shapes.csv",
        `id,wkt\n1,POINT(1 2)\n2,"{""type"":""Point"",""coordinates"":[1,2]}"\n3,${point}\n4,SRID=3857;POINT(0 0)\n5,\n`
      )
      assert.deepStrictEqual(yield* texts("select ST_AsEWKT(the_geom) from shapes order by id"), [
        "SRID=4326;POINT(1 2)",
        "SRID=4326;POINT(1 2)",
        "SRID=4326;POINT(1 2)",
        "SRID=4326;POINT(0 0)",
        ""
      ])
      assert.deepStrictEqual(yield* columnsOf("shapes"), ["id integer"])
      yield* upload("noshapes.csv", "the_geom,b\nnot a geometry,1\n")
      assert.deepStrictEqual(yield* columnsOf("noshapes"), ["invalid_the_geom text", "b integer"])
    })
  )

  it.effect("data of which nothing can be made fails with its code and the texts of it", () =>
    Effect.gen(function* () {
      const empty = yield* upload("empty.csv", "a,b\n")
      assert.deepInclude(empty, { state: "failure", success: false, error_code: 1005, tables_created_count: null })
      assert.deepInclude(empty.get_error_text, { title: "Empty file", source: "user" })
      for (const [name, content, code] of [
        ["nothing.csv", "", 1005],
        ["open.csv", 'a,b\n1,"2\n3,4\n', 2003],
        ["lines.csv", '"a\nb",c\n1,2\n', 2003],
        ["wide.csv", `${Array.from({ length: 251 }, (_, i) => `c${i}`).join()}\n1\n`, 2004],
        ["twice.csv", "a,b,a\n1,2,3\n", 2005],
        ["nul.csv", "a,b\nx\u0000,2\n", 2006],
        ["ids.csv", "cartodb_id,b\n1,x\n1,y\n", 2011],
        ["word.docx", "?", 1002]
      ] as const) {
        assert.deepInclude(yield* upload(name, content), { state: "failure", error_code: code }, name)
      }
      assert.deepStrictEqual(yield* texts("select count(*) from pg_class where relname like 'importer%'"), ["0"])
    })
  )

  it.effect("a name that is taken gets a number, is skipped or is overwritten", () =>
    Effect.gen(function* () {
      const { addKey } = yield* Emulator
      const name = Effect.map(texts("select string_agg(a::text, ',') from taken"), ([all]) => all)
      const first = yield* upload("taken.csv", "a\n1\n")
      yield* addKey({ name: "reader", tables: [{ table: "taken", permissions: ["select"] }] })
      assert.strictEqual((yield* upload("taken.csv", "a\n2\n")).table_name, "taken_1")
      const skipped = yield* upload("taken.csv", "a\n2\n", "?collision_strategy=skip")
      assert.deepInclude(skipped, { state: "complete", success: true, error_code: 1022, table_id: null })
      assert.strictEqual(yield* name, "1")
      const over = yield* upload("taken.csv", "a\n3\n", "?collision_strategy=overwrite")
      assert.deepInclude(over, { state: "complete", table_name: "taken", table_id: first.table_id })
      assert.strictEqual(yield* name, "3")
      assert.deepStrictEqual(yield* texts("select has_table_privilege('alice_reader', 'taken', 'select')"), ["t"])
      yield* rows("create view watching as select * from taken")
      assert.deepInclude(yield* upload("taken.csv", "a\n4\n", "?collision_strategy=overwrite"), { error_code: 2013 })
      assert.strictEqual(yield* name, "3")
    })
  )

  it.effect("privacy is what was asked for, and a map is made on demand", () =>
    Effect.gen(function* () {
      const done = yield* upload("open_data.csv", "a\n1\n", "?privacy=PUBLIC&create_vis=true")
      assert.isString(done.visualization_id)
      assert.strictEqual(done.derived_visualization_id, done.visualization_id)
      const isPublic = (table: string) => texts(`select has_table_privilege('publicuser', '${table}', 'select')`)
      assert.deepStrictEqual(yield* isPublic("open_data"), ["t"])
      yield* upload("closed_data.csv", "a\n1\n")
      assert.deepStrictEqual(yield* isPublic("closed_data"), ["f"])
    })
  )

  it.effect("files come in forms of both names, or bare with their name in the address", () =>
    Effect.gen(function* () {
      const content = "a\n1\n"
      const named = yield* accepted(ask("imports", form("by_filename.csv", content, {}, "filename")))
      assert.strictEqual((yield* finished(named)).table_name, "by_filename")
      const bare = ask("imports?filename=bare+name.csv", {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: content
      })
      assert.strictEqual((yield* finished(yield* accepted(bare))).table_name, "bare_name")
      const { origin, masterKey } = yield* Emulator
      const withKey = form("keyed.csv", content, { api_key: Redacted.value(masterKey), create_vis: "false" })
      assert.strictEqual((yield* send(`${origin}/u/alice/api/v1/imports`, withKey)).status, 200)
      const withoutKey = yield* send(`${origin}/u/alice/api/v1/imports`, form("keyed.csv", content))
      assert.deepStrictEqual([withoutKey.status, withoutKey.text], [401, " "])
    })
  )

  it.effect("queries and copies become datasets without a file", () =>
    Effect.gen(function* () {
      yield* upload("origin.csv", "a,lat,lon\n5,1,2\n")
      const run = (body: unknown) => Effect.flatMap(accepted(askJson("imports", body)), finished)
      const query = yield* run({ sql: "select a * 2 as b from origin; -- twice", table_name: "Doubled" })
      assert.deepInclude(query, {
        state: "complete",
        table_name: "doubled",
        data_type: "query",
        tables_created_count: 0
      })
      assert.deepStrictEqual(yield* texts("select cartodb_id, b from doubled"), ["1|10"])
      const again = yield* run({
        sql: "select b + 1 as b from doubled",
        table_name: "doubled",
        collision_strategy: "overwrite"
      })
      assert.deepInclude(again, { state: "complete", table_id: null, table_name: "doubled" })
      assert.deepStrictEqual(yield* texts("select b from doubled"), ["11"])
      const copy = yield* run({ table_copy: "origin" })
      assert.deepInclude(copy, { state: "complete", table_name: "origin_copy", data_type: "table" })
      assert.deepStrictEqual(yield* texts("select ST_AsText(the_geom), a from origin_copy"), ["POINT(2 1)|5"])
      assert.deepInclude(yield* run({ sql: "select nope" }), { state: "failure", error_code: 8003 })
      assert.deepInclude(yield* run({}), { state: "failure", error_code: 1010, get_error_text: null, data_type: null })
    })
  )

  it.effect("bad parameters are refused at once", () =>
    Effect.gen(function* () {
      for (const [body, text] of [
        [{ sql: "select 1", privacy: "secret" }, /^Unknown value 'secret' for 'privacy'/],
        [{ sql: "select 1", collision_strategy: "rename" }, /collision_strategy/],
        [{ url: "gopher://x" }, /^Invalid URL, cannot connect dataset:/],
        [{ connector: { provider: "oracle", table: "t" } }, /^Unknown provider oracle/],
        [{ connector: { provider: "mysql", connection: { server: "s" }, table: "t" } }, /username, password/],
        [{ service_name: "dropbox", service_item_id: { a: 1 } }, /service_item_id/]
      ] as const) {
        const response = yield* askJson("imports", body)
        assert.strictEqual(response.status, 400)
        assert.match(json(response).errors.imports, text)
      }
      const unknown = yield* ask("imports/9f4b1d3e-5b5e-4c10-9c1d-0f3f6c1b7a11")
      assert.deepStrictEqual([unknown.status, unknown.text], [404, " "])
    })
  )

  it.effect("states are walked through one by one, and slots are taken meanwhile", () =>
    Effect.gen(function* () {
      const { imports } = yield* Emulator
      yield* imports.setPolls({ enqueued: 1, pending: 2, uploading: 1, unpacking: 1, importing: 1 })
      const id = yield* accepted(ask("imports", form("walk.csv", "a\n1\n")))
      const seen: Array<unknown> = []
      yield* Effect.repeat(
        Effect.tap(status(id), ({ state }) => Effect.sync(() => seen.push(state))),
        { until: ({ state }) => state === "complete" }
      )
      const walk = seen.filter((state, index) => state !== seen[index - 1])
      assert.deepStrictEqual(walk, ["enqueued", "pending", "uploading", "unpacking", "importing", "complete"])
      assert.isAtLeast(seen.filter((state) => state === "pending").length, 2)

      yield* imports.setPolls({ importing: Number.POSITIVE_INFINITY })
      const ids = yield* Effect.forEach(["x", "y", "z"], (name) =>
        accepted(ask("imports", form(`${name}.csv`, "a\n1\n")))
      )
      const refused = yield* ask("imports", form("w.csv", "a\n1\n"))
      assert.deepStrictEqual(
        [refused.status, json(refused), refused.headers["retry-after"]],
        [429, { errors: { imports: "We're sorry but you're already using your allowed 3 import slots" } }, undefined]
      )
      assert.deepStrictEqual(json(yield* ask("imports")), { imports: ids, success: true })
      assert.notProperty(yield* status(ids[0] ?? ""), "success")
      yield* imports.setPolls({})
      yield* Effect.forEach(ids, finished)
      assert.deepStrictEqual(json(yield* ask("imports")), { imports: [], success: true })
    })
  )

  it.effect("content guessing passes through its own states", () =>
    Effect.gen(function* () {
      const { imports } = yield* Emulator
      yield* imports.setPolls({ guessing: 1, geocoding: 1 })
      const id = yield* accepted(ask("imports?content_guessing=true", form("guessing.csv", "a\n1\n")))
      const seen = new Set<unknown>()
      yield* Effect.repeat(
        Effect.tap(status(id), ({ state }) => Effect.sync(() => seen.add(state))),
        { until: ({ state }) => state === "complete" }
      )
      yield* imports.setPolls({})
      assert.isTrue(seen.has("guessing") && seen.has("geocoding"))
    })
  )

  it.effect("failures can be planned, also the state of very old servers", () =>
    Effect.gen(function* () {
      const { imports } = yield* Emulator
      yield* imports.failNext(6667)
      assert.deepInclude(yield* upload("planned.csv", "a\n1\n"), { state: "failure", error_code: 6667 })
      yield* imports.failNext(6671, { state: "pending", as: "stuck" })
      assert.deepInclude(yield* upload("planned.csv", "a\n1\n"), { state: "stuck", success: false })
      assert.deepInclude(yield* upload("planned.csv", "a\n1\n"), { state: "complete", table_name: "planned" })
      yield* imports.setSlots(0)
      assert.strictEqual((yield* ask("imports", form("planned.csv", "a\n1\n"))).status, 429)
      yield* imports.setSlots(3)
    })
  )
})
