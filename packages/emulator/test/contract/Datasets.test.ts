import { assert, it } from "@effect/vitest"
import { CartoError, DatasetRows, Datasets, ImportSource, Sql, Visualizations } from "@effect-carto/core"
import { Effect, Redacted, Schema, Stream } from "effect"
import { Emulator } from "../../src/Emulator.ts"
import { Fault, htmlPage, serverError } from "../../src/Faults.ts"
import { connected, layer } from "./layer.ts"

const reasonOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) => {
    assert.instanceOf(error, CartoError)
    return error.reason
  })

const csv = (...lines: ReadonlyArray<string>) => Stream.make(new TextEncoder().encode(`${lines.join("\n")}\n`))

/** A dataset of cities with an index, a comment, a grant and a row trigger of its own. */
const cities = Effect.fnUntraced(function* (name: string) {
  const sql = yield* Sql
  const datasets = yield* Datasets
  yield* sql.execute(
    sql.unsafe(`create table ${name} (name text not null, population int8, the_geom geometry(Geometry, 4326));
    insert into ${name} values ('Lima', 10, ST_SetSRID(ST_MakePoint(1, 2), 4326)), ('Oslo', 5, null)`)
  )
  const dataset = yield* datasets.cartodbfy(name)
  yield* sql.execute(
    sql.unsafe(`create index ${name}_by_name on ${name} (name); comment on table ${name} is 'Cities';
    grant select on ${name} to publicuser`)
  )
  return dataset
})

const namesOf = Effect.fnUntraced(function* (name: string) {
  const sql = yield* Sql
  const { rows } = yield* sql.query(
    Schema.Struct({ cartodb_id: Schema.Finite, name: Schema.String, mercator: Schema.Boolean })
  )(
    sql.unsafe(`select cartodb_id::int4, name, the_geom_webmercator is not null as mercator from ${name} order by name`)
  )
  return rows
})

const stagingTables = Effect.gen(function* () {
  const sql = yield* Sql
  const { rows } =
    yield* sql.query()`select relname from pg_class where relname like 'carto\\_staging%' and relkind = 'r'`
  return rows.map(({ relname }) => relname)
})

it.layer(layer, { timeout: "120 seconds", excludeTestServices: true })("Datasets against the emulator", (it) => {
  it.effect("cartodbfies a table and waits until it is listed", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const dataset = yield* cities("listed")
      assert.strictEqual(dataset.type, "table")
      assert.strictEqual((yield* datasets.get("listed")).id, dataset.id)
      assert.strictEqual((yield* datasets.get(dataset.id)).name, "listed")
    })
  )

  it.effect("replaces the rows, and keeps grants, keys, indexes, triggers, maps and the dataset", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const before = yield* cities("replaced")
      const was = yield* datasets.describe("replaced")
      const emulator = yield* Emulator
      const maps = yield* Visualizations
      const map = yield* maps.create({ tables: ["replaced"], name: "Map of the replaced" })
      yield* emulator.addKey({
        name: "reader",
        token: Redacted.make("reader-key"),
        tables: [{ table: "replaced", permissions: ["select"] }]
      })
      const loaded = yield* datasets.replace(
        "replaced",
        DatasetRows.bytes(csv("name,the_geom,population", "Rome,SRID=4326;POINT(3 4),7", "Paris,,8", "Bonn,,"))
      )
      assert.deepStrictEqual(loaded, { rows: 3 })
      assert.deepStrictEqual(
        (yield* namesOf("replaced")).map(({ mercator, name }) => [name, mercator]),
        [
          ["Bonn", false],
          ["Paris", false],
          ["Rome", true]
        ]
      )
      const is = yield* datasets.describe("replaced", { countRows: true })
      assert.deepStrictEqual(is.indexes, was.indexes)
      assert.deepStrictEqual(is.triggers, was.triggers)
      assert.strictEqual(is.rows, 3)
      assert.strictEqual((yield* datasets.get("replaced")).id, before.id)
      const sql = yield* Sql
      const { rows } = yield* sql.query()`select has_table_privilege('publicuser', 'replaced', 'select') as granted`
      assert.deepStrictEqual(rows, [{ granted: true }])
      const { deleted } = yield* datasets.dependents("replaced")
      assert.deepStrictEqual(
        deleted.map(({ id }) => id),
        [map.id]
      )
      const read = yield* Effect.provide(namesOf("replaced"), connected({ apiKey: Redacted.make("reader-key") }))
      assert.lengthOf(read, 3)
      assert.deepStrictEqual(yield* stagingTables, [])
    })
  )

  const failures: ReadonlyArray<readonly [string, ReadonlyArray<string>, string, RegExp]> = [
    ["a value of another type", ["name,population,the_geom", "Rome,many,"], "SqlError", /invalid input syntax/],
    ["a missing value", ["name,population,the_geom", ",1,"], "SqlError", /null value/],
    ["an unknown column", ["name,population,the_geom,mayor", "Rome,1,,x"], "ValidationError", /no column "mayor"/],
    ["a column twice", ["name,name,population,the_geom", "a,b,1,"], "ValidationError", /more than once/],
    ["a missing column", ["name", "Rome"], "ValidationError", /lacks "the_geom", "population"/],
    ["no rows", ["name,population,the_geom"], "SqlError", /the new data has no rows/]
  ]
  it.effect("a replacement that fails leaves the old rows and no staging table", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      yield* cities("kept")
      const before = yield* namesOf("kept")
      for (const [, lines, tag, message] of failures) {
        const reason = yield* reasonOf(datasets.replace("kept", DatasetRows.bytes(csv(...lines))))
        assert.strictEqual(reason._tag, tag)
        assert.match(reason.message, message)
      }
      const broken = Stream.concat(csv("name,population,the_geom", "Rome,1,"), Stream.fail("the source broke"))
      assert.strictEqual(yield* Effect.flip(datasets.replace("kept", DatasetRows.bytes(broken))), "the source broke")
      const empty = yield* reasonOf(datasets.replace("kept", DatasetRows.query("select * from kept where false")))
      assert.strictEqual(empty.message, "the new data has no rows")
      assert.include(empty.advice, "allowEmpty")
      assert.deepStrictEqual(yield* namesOf("kept"), before)
      assert.deepStrictEqual(yield* stagingTables, [])
      const header = DatasetRows.bytes(csv("name,population,the_geom"))
      assert.deepStrictEqual(yield* datasets.replace("kept", header, { allowEmpty: true }), { rows: 0 })
      assert.deepStrictEqual(yield* namesOf("kept"), [])
    })
  )

  it.effect("an interrupted replacement leaves the old rows and no staging table", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      yield* cities("interrupted")
      const before = yield* namesOf("interrupted")
      const slow = Stream.concat(csv("name,population,the_geom", "Rome,1,"), Stream.never)
      const outcome = yield* Effect.timeoutOption(datasets.replace("interrupted", DatasetRows.bytes(slow)), "1 second")
      assert.strictEqual(outcome._tag, "None")
      assert.deepStrictEqual(yield* namesOf("interrupted"), before)
      assert.deepStrictEqual(yield* stagingTables, [])
    })
  )

  it.effect("refuses to delete rows of other tables by a foreign key", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const sql = yield* Sql
      yield* cities("referenced")
      yield* sql.execute`create table referring (city int8 references referenced (cartodb_id) on delete cascade)`
      yield* sql.execute`insert into referring values (1)`
      const reason = yield* reasonOf(
        datasets.replace("referenced", DatasetRows.bytes(csv("name,population,the_geom", "Rome,1,")))
      )
      assert.include(reason.message, "foreign key")
      assert.deepStrictEqual((yield* sql.query()`select count(*)::int4 as n from referring`).rows, [{ n: 1 }])
    })
  )

  it.effect("a row that a trigger keeps back undoes a replacement, and an append", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const sql = yield* Sql
      yield* cities("guarded")
      yield* sql.execute`create function no_rome() returns trigger language plpgsql as $$
        begin if new.name = 'Rome' then return null; end if; return new; end $$;
        create trigger no_rome before insert on guarded for each row execute procedure no_rome()`
      const reason = yield* reasonOf(
        datasets.replace("guarded", DatasetRows.bytes(csv("name,population,the_geom", "Rome,1,", "Bonn,2,")))
      )
      assert.strictEqual(reason.message, "1 of 2 rows arrived")
      const rome = DatasetRows.bytes(csv("name", "Rome", "Bonn"))
      assert.strictEqual((yield* reasonOf(datasets.append("guarded", rome))).message, "1 of 2 rows arrived")
      assert.lengthOf(yield* namesOf("guarded"), 2)
      yield* datasets.append("guarded", DatasetRows.bytes(csv("name", "Bonn")))
      assert.lengthOf(yield* namesOf("guarded"), 3)
      assert.deepStrictEqual(yield* stagingTables, [])
    })
  )

  it.effect("replaces by a query over the dataset itself, and keeps ids so that new ones do not collide", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const sql = yield* Sql
      yield* cities("selfish")
      yield* datasets.replace(
        "selfish",
        DatasetRows.query(
          sql.unsafe("select cartodb_id + 10 as cartodb_id, upper(name) as name, population, the_geom from selfish")
        )
      )
      assert.deepStrictEqual(
        (yield* namesOf("selfish")).map(({ cartodb_id, name }) => [cartodb_id, name]),
        [
          [11, "LIMA"],
          [12, "OSLO"]
        ]
      )
      yield* sql.execute`insert into selfish (name) values ('Rome')`
      assert.isTrue((yield* namesOf("selfish")).every(({ cartodb_id }) => cartodb_id > 10))
    })
  )

  it.effect("appends bytes and tables; what is added gets ids of its own", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      yield* cities("appended")
      assert.deepStrictEqual(yield* datasets.append("appended", DatasetRows.bytes(csv("name", "Rome"))), { rows: 1 })
      yield* datasets.append("appended", DatasetRows.bytes(csv("cartodb_id,name", "1,Bonn")))
      yield* datasets.append("appended", [DatasetRows.table("appended"), DatasetRows.query("select * from appended")])
      const rows = yield* namesOf("appended")
      assert.lengthOf(rows, 12)
      assert.strictEqual(new Set(rows.map(({ cartodb_id }) => cartodb_id)).size, 12)
      const City = Schema.Struct({ name: Schema.String, population: Schema.BigInt })
      yield* datasets.append("appended", DatasetRows.rows(City, [{ name: "Kyiv", population: 3n }]))
      assert.lengthOf(yield* namesOf("appended"), 13)
      assert.deepStrictEqual(yield* stagingTables, [])
    })
  )

  it.effect("upserts by a key, and refuses keys that do not tell rows apart", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const sql = yield* Sql
      yield* cities("upserted")
      const before = yield* namesOf("upserted")
      yield* datasets.upsert("upserted", "name", DatasetRows.bytes(csv("population,name", "11,Lima", "7,Rome")))
      const { rows } = yield* sql.query()`select cartodb_id::int4, name, population::int4 from upserted order by name`
      assert.deepStrictEqual(
        rows.map(({ name, population }) => [name, population]),
        [
          ["Lima", 11],
          ["Oslo", 5],
          ["Rome", 7]
        ]
      )
      assert.strictEqual(rows[0]?.cartodb_id, before[0]?.cartodb_id)
      const upsert = (key: string, ...lines: ReadonlyArray<string>) =>
        Effect.map(
          reasonOf(datasets.upsert("upserted", key, DatasetRows.bytes(csv(...lines)))),
          ({ message }) => message
        )
      assert.include(yield* upsert("name", "population,name", "1,Lima", "2,Lima"), "same key")
      assert.include(yield* upsert("population", "population,name", ",Lima"), "no key")
      assert.include(yield* upsert("mayor", "population,name", "1,Lima"), '"mayor"')
      yield* sql.execute`update upserted set population = 1`
      assert.include(yield* upsert("population", "population,name", "1,Lima"), "3 rows would change")
      yield* datasets.upsert(
        "upserted",
        ["name", "population"],
        DatasetRows.bytes(csv("population,name", "1,Lima", "2,Lima"))
      )
      assert.lengthOf(yield* namesOf("upserted"), 4)
      const [first] = yield* namesOf("upserted")
      yield* datasets.upsert(
        "upserted",
        "cartodb_id",
        DatasetRows.bytes(csv("cartodb_id,name", `${first?.cartodb_id},Zürich`, "900,Bern"))
      )
      yield* sql.execute`insert into upserted (name) values ('Genf')`
      const ids = (yield* namesOf("upserted")).map(({ cartodb_id, name }) => [name, cartodb_id])
      assert.deepInclude(ids, ["Zürich", first?.cartodb_id])
      assert.deepInclude(ids, ["Bern", 900])
      assert.isTrue(ids.some(([name, id]) => name === "Genf" && Number(id) > 900))
    })
  )

  it.effect("plans what it would send, and sends nothing", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      yield* cities("planned")
      const steps = yield* datasets.plan("planned", DatasetRows.bytes(csv("name,population,the_geom", "Rome,1,")))
      assert.deepStrictEqual(
        steps.map(({ purpose }) => purpose),
        ["make a staging table", "load the data", "swap the rows"]
      )
      assert.match(steps[1]?.sql ?? "", /^COPY carto_staging \("name", "population", "the_geom"\) FROM STDIN/)
      assert.match(
        steps[2]?.sql ?? "",
        /^lock table "planned"[\s\S]*delete from "planned"[\s\S]*drop table carto_staging$/
      )
      const direct = yield* datasets.plan("planned", DatasetRows.bytes(csv("name", "Rome")), { mode: "append" })
      assert.lengthOf(direct, 1)
      assert.lengthOf(yield* namesOf("planned"), 2)
    })
  )

  it.effect("merges tables, queries and CSV of one structure", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      yield* cities("part_a")
      yield* cities("part_b")
      const merged = yield* datasets.merge("whole", [
        DatasetRows.table("part_a"),
        DatasetRows.query("select * from part_b where name = 'Oslo'"),
        DatasetRows.bytes(csv("population,name,the_geom", "1,Rome,"))
      ])
      assert.strictEqual(merged.name, "whole")
      assert.deepStrictEqual(
        (yield* namesOf("whole")).map(({ mercator, name }) => [name, mercator]),
        [
          ["Lima", true],
          ["Oslo", false],
          ["Oslo", false],
          ["Rome", false]
        ]
      )
      const again = yield* reasonOf(datasets.merge("whole", [DatasetRows.table("part_a")]))
      assert.include(again.message, 'a table "whole" already')
      assert.include((yield* reasonOf(datasets.merge("part_a", [DatasetRows.table("part_b")]))).advice, "append")
      const different = yield* reasonOf(
        datasets.merge("other", [DatasetRows.table("part_a"), DatasetRows.query("select 1 as a")])
      )
      assert.include(different.message, "different columns")
      const untyped = yield* reasonOf(datasets.merge("other", [DatasetRows.bytes(csv("a", "1"))]))
      assert.include(untyped.message, "types")
      assert.deepStrictEqual(yield* stagingTables, [])
    })
  )

  it.effect("describes columns, indexes, triggers and geometries without reading rows", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const dataset = yield* cities("described")
      const description = yield* datasets.describe("described")
      assert.strictEqual(description.schema, "public")
      assert.strictEqual(description.kind, "table")
      assert.strictEqual(description.comment, "Cities")
      assert.deepInclude(description.columns, {
        name: "the_geom",
        type: "geometry(Geometry,4326)",
        isNullable: true,
        default: null,
        comment: null
      })
      assert.isTrue(description.indexes.some(({ isPrimary }) => isPrimary))
      assert.isTrue(description.indexes.some(({ name }) => name === "described_by_name"))
      assert.isTrue(description.triggers.length > 0)
      assert.isTrue(description.size > 0)
      assert.deepInclude(description.geometries, { column: "the_geom", type: "GEOMETRY", srid: 4326 })
      assert.strictEqual(description.dataset?.id, dataset.id)
      assert.isUndefined(description.rows)
      assert.strictEqual((yield* reasonOf(datasets.describe("nowhere")))._tag, "NotFoundError")
    })
  )

  it.effect("writes the statements that make a table again", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const sql = yield* Sql
      yield* cities("written")
      yield* sql.execute`alter table written add check (population > 0), add twice int8 generated always as (population * 2) stored`
      const ddl = yield* datasets.ddl("written")
      const { columns, constraints, indexes } = yield* datasets.describe("written")
      yield* sql.execute`drop table written`
      yield* sql.execute(sql.unsafe(ddl))
      const again = yield* datasets.describe("written")
      assert.deepStrictEqual(again.columns, columns)
      assert.deepStrictEqual(again.constraints, constraints)
      assert.deepStrictEqual(again.indexes, indexes)
      assert.strictEqual(again.comment, "Cities")
    })
  )

  it.effect("updates what is given, can clear a text, and tells a name that was refused", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      yield* cities("updated")
      const changed = yield* datasets.update("updated", {
        description: "é".repeat(50_000),
        tags: ["a", "b"],
        license: "MIT"
      })
      assert.lengthOf(changed.description ?? "", 50_000)
      assert.deepStrictEqual(changed.tags, ["a", "b"])
      const cleared = yield* datasets.update("updated", { description: null, privacy: "PUBLIC" })
      assert.isNull(cleared.description)
      assert.strictEqual(cleared.privacy, "PUBLIC")
      assert.strictEqual(cleared.license, "MIT")
      const renamed = yield* datasets.update("updated", { name: "updated_too" })
      assert.strictEqual(renamed.name, "updated_too")
      assert.strictEqual((yield* datasets.get("updated_too")).id, cleared.id)
    })
  )

  const swap = { method: "POST", path: /\/sql$/ }
  /** Rows whose end arms a fault for the request after them, which is the one that swaps. */
  const armed = (fault: Fault) =>
    Stream.concat(
      csv("name,population,the_geom", "Rome,1,", "Bonn,2,"),
      Stream.drain(Stream.fromEffect(Effect.flatMap(Emulator, ({ faults }) => faults.inject(fault, swap))))
    )

  it.effect("a swap whose answer was lost is found to be done", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      yield* cities("cut")
      const lost = yield* datasets.replace("cut", DatasetRows.bytes(armed(Fault.Cut({ afterBytes: 0 }))))
      assert.deepStrictEqual(lost, { rows: 2 })
      assert.deepStrictEqual(
        (yield* namesOf("cut")).map(({ name }) => name),
        ["Bonn", "Rome"]
      )
    })
  )

  for (const fault of [Fault.Reset(), serverError(503), htmlPage(200)]) {
    it.effect(`a swap that never arrived (${fault._tag}) is found to be undone`, () =>
      Effect.gen(function* () {
        const datasets = yield* Datasets
        const name = `undone_${fault._tag === "Respond" ? fault.status : "reset"}`
        yield* cities(name)
        const reason = yield* reasonOf(datasets.replace(name, DatasetRows.bytes(armed(fault))))
        assert.include(["TransportError", "ServerError", "ProtocolError"], reason._tag)
        assert.deepStrictEqual(
          (yield* namesOf(name)).map(({ name }) => name),
          ["Lima", "Oslo"]
        )
        assert.deepStrictEqual(yield* stagingTables, [])
      })
    )
  }

  it.effect("a swap that takes too long for a request is done by a batch job", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      yield* cities("long_swap")
      const timeout = Fault.Respond({
        status: 429,
        headers: { "content-type": "application/json; charset=utf-8" },
        body: JSON.stringify({ error: ["SQL query timeout error"], context: "limit", detail: "datasource" })
      })
      yield* datasets.replace("long_swap", DatasetRows.bytes(armed(timeout)))
      assert.deepStrictEqual(
        (yield* namesOf("long_swap")).map(({ name }) => name),
        ["Bonn", "Rome"]
      )
      assert.deepStrictEqual(yield* stagingTables, [])
    })
  )

  it.effect("works on names with any character", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const sql = yield* Sql
      yield* sql.execute(
        sql.unsafe(
          `create table "Größe $carto$ 'x'.y" ("a""b" int, "$carto$" text); insert into "Größe $carto$ 'x'.y" values (1, 'old')`
        )
      )
      const name = `"Größe $carto$ 'x'.y"`
      yield* datasets.replace(name, DatasetRows.bytes(csv('"a""b",$carto$', "2,new")))
      yield* datasets.upsert(name, 'a"b', DatasetRows.bytes(csv('"a""b",$carto$', "2,newer")))
      assert.deepStrictEqual((yield* sql.query()(sql.unsafe(`select * from ${name}`))).rows, [
        { 'a"b': 2, $carto$: "newer" }
      ])
      const { columns, dataset } = yield* datasets.describe(name)
      assert.lengthOf(columns, 2)
      assert.isUndefined(dataset)
      yield* sql.execute(sql.unsafe(`drop table ${name}`))
      assert.include((yield* reasonOf(datasets.replace(name, DatasetRows.query("select 1")))).message, "does not exist")
    })
  )

  it.effect("creates datasets from files, and replaces rows by those of a file", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const file = (...lines: ReadonlyArray<string>) => ImportSource.bytes("Harbours 1.csv", csv(...lines))
      const [made, ...others] = yield* datasets.create(file("name,depth", "Rotterdam,24", "Kiel,10"), {
        privacy: "link"
      })
      assert.lengthOf(others, 0)
      assert.strictEqual(made?.name, "harbours_1")
      assert.strictEqual(made?.privacy, "LINK")
      const loaded = yield* datasets.replace("harbours_1", DatasetRows.imported(file("depth,name", "12,Oslo")), {
        allowMissing: ["the_geom"]
      })
      assert.deepStrictEqual(loaded, { rows: 1 })
      const sql = yield* Sql
      assert.deepStrictEqual((yield* sql.query()`select name, depth::int4 from harbours_1`).rows, [
        { name: "Oslo", depth: 12 }
      ])
      const names = yield* Stream.runCollect(datasets.list({ search: "harbours" }))
      assert.deepStrictEqual(
        names.map(({ name }) => name),
        ["harbours_1"]
      )
      const plan = yield* reasonOf(datasets.plan("harbours_1", DatasetRows.imported(file("a", "1"))))
      assert.strictEqual(plan._tag, "ValidationError")
    })
  )

  it.effect("a file makes a dataset again under the name that another was renamed from", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const source = () => ImportSource.bytes("renamed.csv", csv("name", "Rome"))
      yield* datasets.create(source())
      assert.strictEqual((yield* datasets.update("renamed", { name: "renamed_before" })).name, "renamed_before")
      const [again] = yield* datasets.create(source())
      assert.strictEqual(again?.name, "renamed")
      yield* datasets.append("renamed", DatasetRows.bytes(csv("name", "Bonn")))
      yield* datasets.append("renamed_before", DatasetRows.bytes(csv("name", "Bonn")))
    })
  )

  it.effect("the file that a dataset came from takes its place, unless its geometries would be lost", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const sql = yield* Sql
      const source = csv("name,depth", "Kiel,10")
      yield* datasets.create(ImportSource.bytes("flat.csv", source))
      assert.deepStrictEqual(yield* datasets.replace("flat", DatasetRows.bytes(source)), { rows: 1 })
      yield* sql.execute`update flat set the_geom = ST_SetSRID(ST_MakePoint(1, 2), 4326)`
      const reason = yield* reasonOf(datasets.replace("flat", DatasetRows.bytes(source)))
      assert.include(reason.message, 'lacks "the_geom"')
      yield* datasets.replace("flat", DatasetRows.bytes(source), { allowMissing: ["the_geom"] })
    })
  )

  it.effect("merges files, and keeps none of the datasets that the imports made", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const file = (name: string, ...lines: ReadonlyArray<string>) =>
        DatasetRows.imported(ImportSource.bytes(name, csv("Name,Area km2", ...lines)))
      yield* datasets.merge("islands", [
        file("north.csv", "Iceland,103000"),
        file("south.csv", "Tasmania,68401", "Java,128297")
      ])
      const sql = yield* Sql
      const { rows } = yield* sql.query()`select name, area_km2::int4 as area from islands order by name`
      assert.deepStrictEqual(rows, [
        { name: "Iceland", area: 103000 },
        { name: "Java", area: 128297 },
        { name: "Tasmania", area: 68401 }
      ])
      const left = yield* Stream.runCollect(datasets.list())
      assert.deepStrictEqual(
        left.map(({ name }) => name).filter((name) => ["north", "south"].includes(name)),
        []
      )
    })
  )

  it.effect("copies rows and what describes them", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      yield* cities("original")
      yield* datasets.update("original", { description: "Two cities", tags: ["a"], license: "MIT" })
      const copy = yield* datasets.copy("original", "duplicate")
      assert.deepStrictEqual(
        [copy.name, copy.description, copy.tags, copy.license],
        ["duplicate", "Two cities", ["a"], "MIT"]
      )
      assert.lengthOf(yield* namesOf("duplicate"), 2)
    })
  )

  it.effect("deletes no dataset that maps use, and names them", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const maps = yield* Visualizations
      yield* cities("used")
      const map = yield* maps.create({ tables: ["used"], name: "Map of cities" })
      assert.deepStrictEqual(
        (yield* datasets.dependents("used")).deleted.map(({ name }) => name),
        ["Map of cities"]
      )
      const reason = yield* reasonOf(datasets.delete("used"))
      assert.strictEqual(reason._tag, "ValidationError")
      assert.include(reason.message, '"Map of cities"')
      assert.include(reason.message, map.id)
      assert.lengthOf(yield* namesOf("used"), 2)
      yield* datasets.forceDelete("used")
      assert.strictEqual((yield* reasonOf(maps.get(map.id)))._tag, "NotFoundError")
    })
  )

  it.effect("a key that is not the master's gets typed refusals, and changes nothing", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* cities("guarded_by_key")
      yield* emulator.addKey({
        name: "writer",
        token: Redacted.make("writer-key"),
        tables: [{ table: "guarded_by_key", permissions: ["select", "insert", "update", "delete"] }]
      })
      const refusals = Effect.gen(function* () {
        const datasets = yield* Datasets
        return {
          replace: yield* reasonOf(
            datasets.replace("guarded_by_key", DatasetRows.query("select * from guarded_by_key"))
          ),
          list: yield* reasonOf(Stream.runDrain(datasets.list())),
          get: yield* reasonOf(datasets.get("guarded_by_key")),
          update: yield* reasonOf(datasets.update("guarded_by_key", { description: "x" })),
          delete: yield* reasonOf(datasets.delete("guarded_by_key")),
          cartodbfy: yield* reasonOf(datasets.cartodbfy("guarded_by_key"))
        }
      })
      const asWriter = yield* Effect.provide(refusals, connected({ apiKey: Redacted.make("writer-key") }))
      const asStranger = yield* Effect.provide(refusals, connected({ apiKey: Redacted.make("expired-key") }))
      for (const [call, reason] of [...Object.entries(asWriter), ...Object.entries(asStranger)]) {
        assert.strictEqual(reason._tag, "AuthError", `${call}: ${reason.message}`)
        assert.isNotEmpty(reason.advice)
      }
      assert.lengthOf(yield* namesOf("guarded_by_key"), 2)
      const appended = Effect.flatMap(Datasets, (datasets) =>
        datasets.append("guarded_by_key", DatasetRows.bytes(csv("name", "Rome")))
      )
      yield* Effect.provide(appended, connected({ apiKey: Redacted.make("writer-key") }))
      assert.lengthOf(yield* namesOf("guarded_by_key"), 3)
    })
  )

  it.effect("deletes a dataset", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const { id } = yield* cities("deleted")
      yield* datasets.delete("deleted")
      assert.strictEqual((yield* reasonOf(datasets.get(id)))._tag, "NotFoundError")
      assert.strictEqual((yield* reasonOf(datasets.delete("deleted")))._tag, "NotFoundError")
    })
  )
})
