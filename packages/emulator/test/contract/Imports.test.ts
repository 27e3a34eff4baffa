import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Connector, type Import, ImportSource, Imports, Visualizations } from "@effect-carto/core"
import { Effect, Layer, Redacted, Result, Stream } from "effect"
import { Zip } from "effect/encoding"
import { Emulator } from "../../src/Emulator.ts"
import * as PgliteDatabase from "../../src/PgliteDatabase.ts"
import { get } from "../account.ts"
import { content, serve } from "../FileServer.ts"
import { columnsOf, rows } from "../importing.ts"
import { PgliteServer } from "../PgliteServer.ts"
import { connected } from "./layer.ts"

const utf8 = new TextEncoder()
const file = (name: string, text: string) => ImportSource.bytes(name, Stream.make(utf8.encode(text)))
const stations = "name,lon,lat\nAtocha,-3.69,40.4\nSants,2.14,41.37\n"

const names = ({ datasets }: Import.ImportOutcome) => datasets.map(({ name }) => name)
const texts = (sql: string) => Effect.map(rows(sql), (all) => all.map((row) => Object.values(row).join("|")))

const zipped = (files: Readonly<Record<string, string>>) =>
  Stream.fromIterable(Object.entries(files).map(([name, text]) => Zip.file(name, text))).pipe(
    Stream.pipeThroughChannel(Zip.encode())
  )

const layer = connected({ importSlots: 3 }).pipe(
  Layer.provideMerge(Emulator.layer()),
  Layer.provideMerge(PgliteDatabase.layer()),
  Layer.provideMerge(
    PgliteServer.layer(
      "create table parcels as select i as id, '0' || i as code, i * 1.5::numeric as price from generate_series(1, 3) i"
    )
  )
)

it.layer(layer, { timeout: "3 minutes", excludeTestServices: true })("Imports against the emulator", (it) => {
  describe("sources", () => {
    it.effect("all datasets of an archive are told, right after another import, too", () =>
      Effect.gen(function* () {
        const { run } = yield* Imports
        yield* run(file("right before.csv", stations))
        const files = { "north.csv": stations, "south.csv": stations, "deep/east.csv": stations }
        const done = yield* run(ImportSource.bytes("regions.zip", zipped(files)))
        if (done._tag !== "Imported") return assert.fail(done._tag)
        assert.deepStrictEqual([done.count, done.isCertain], [3, true])
        assert.deepStrictEqual(names(done).toSorted(), ["east", "north", "south"])
        assert.strictEqual(new Set(done.datasets.map(({ table_id }) => table_id)).size, 3)
      })
    )

    it.effect("bytes become a dataset with points, and its state is told on the way", () =>
      Effect.gen(function* () {
        const { imports: knobs } = yield* Emulator
        const imports = yield* Imports
        yield* knobs.setPolls({ pending: 1, importing: 1 })
        const states: Array<string> = []
        const done = yield* imports.run(file("Train Stations.csv", stations), {
          onState: ({ value }) => Effect.sync(() => states.push(value.state))
        })
        yield* knobs.setPolls({})
        assert.deepStrictEqual([states.at(0), states.at(-1)], ["pending", "complete"])
        assert.include(states, "importing")
        assert.strictEqual(done._tag, "Imported")
        assert.deepStrictEqual(names(done), ["train_stations"])
        assert.deepStrictEqual(yield* texts("select name, ST_AsText(the_geom) from train_stations order by 1"), [
          "Atocha|POINT(-3.69 40.4)",
          "Sants|POINT(2.14 41.37)"
        ])
        const read = yield* imports.get(done.import.id)
        assert.deepStrictEqual([read.state, read.table_name], ["complete", "train_stations"])
        assert.deepStrictEqual(yield* imports.list, [])
      })
    )

    it.effect("a large file of a known size arrives byte by byte", () =>
      Effect.gen(function* () {
        const imports = yield* Imports
        const lines = Array.from({ length: 20_000 }, (_, i) => `${i},"é ""${i}"""`).join("\n")
        const bytes = utf8.encode(`id,note\n${lines}\n`)
        const pieces = Array.from({ length: Math.ceil(bytes.length / 7919) }, (_, i) =>
          bytes.subarray(i * 7919, (i + 1) * 7919)
        )
        let sent = 0
        const source = ImportSource.bytes("large.csv", Stream.fromIterable(pieces), { size: bytes.length })
        yield* imports.run(source, {
          onProgress: ({ bytes }) =>
            Effect.sync(() => {
              sent = bytes
            })
        })
        assert.strictEqual(sent, bytes.length)
        const hash = createHash("md5")
          .update(lines.replaceAll('""', "'").replaceAll('"', "").replaceAll("'", '"'))
          .digest("hex")
        assert.deepStrictEqual(
          yield* texts(`select md5(string_agg(id || ',' || note, e'\\n' order by id)) from large`),
          [hash]
        )
      })
    )

    it.effect("a URL is read by the server", () =>
      Effect.gen(function* () {
        const imports = yield* Imports
        const url = yield* serve({ "/Some%20Data/Stops.csv": content(stations) })
        const done = yield* imports.run(ImportSource.url(`${url}/Some%20Data/Stops.csv`))
        assert.deepStrictEqual(names(done), ["stops"])
        assert.strictEqual(done.import.original_url, `${url}/Some%20Data/Stops.csv`)
      }).pipe(Effect.scoped)
    )

    it.effect("queries and copies are named by the caller, or by the server", () =>
      Effect.gen(function* () {
        const { run } = yield* Imports
        yield* run(file("origin.csv", "a,lat,lon\n5,1,2\n"))
        assert.deepStrictEqual(
          names(yield* run(ImportSource.query("select a * 2 as b from origin", { name: "Twice" }))),
          ["twice"]
        )
        assert.deepStrictEqual(yield* texts("select b from twice"), ["10"])
        assert.deepStrictEqual(names(yield* run(ImportSource.table("origin"))), ["origin_copy"])
        assert.deepStrictEqual(names(yield* run(ImportSource.table("origin", { name: "again" }))), ["again"])
        assert.deepStrictEqual(yield* texts("select ST_AsText(the_geom), a from again"), ["POINT(2 1)|5"])
      })
    )

    it.effect("a table and a query of another PostgreSQL keep their types, and its password stays unseen", () =>
      Effect.gen(function* () {
        const { run } = yield* Imports
        const { port } = yield* PgliteServer
        const password = Redacted.make("hush-hush")
        const connection = {
          server: "127.0.0.1",
          port,
          database: "postgres",
          username: "postgres",
          password,
          sslmode: "disable" as const
        }
        const whole = yield* run(ImportSource.database(Connector.postgres({ connection, table: "parcels" })))
        assert.deepStrictEqual(names(whole), ["parcels"])
        assert.deepStrictEqual(yield* columnsOf("parcels"), ["id integer", "code text", "price numeric"])
        const query = Connector.postgres({ connection, query: "select * from parcels where id > 1", importAs: "Some" })
        yield* run(ImportSource.database(query))
        assert.deepStrictEqual(yield* texts("select id, code, price from some_t order by 1"), ["2|02|3.0", "3|03|4.5"])

        const wrong = yield* Effect.flip(run(ImportSource.database(Connector.postgres({ connection, table: "none" }))))
        if (wrong.reason._tag !== "ImportError") return assert.fail(wrong.reason._tag)
        assert.strictEqual(wrong.reason.code, 1500)
        assert.notInclude(JSON.stringify(wrong), "hush-hush")
      }).pipe(Effect.scoped)
    )
  })

  describe("options", () => {
    it.effect("a name that is taken gets a number, is skipped, or is overwritten", () =>
      Effect.gen(function* () {
        const { run } = yield* Imports
        const first = yield* run(file("taken.csv", "a\n1\n"))
        assert.deepStrictEqual(names(yield* run(file("taken.csv", "a\n2\n"))), ["taken_1"])
        const skipped = yield* run(file("taken.csv", "a\n3\n"), { collisionStrategy: "skip" })
        assert.deepStrictEqual([skipped._tag, skipped.datasets], ["Skipped", []])
        assert.deepStrictEqual(yield* texts("select a from taken"), ["1"])
        const over = yield* run(file("taken.csv", "a\n4\n"), { collisionStrategy: "overwrite" })
        assert.deepStrictEqual(over.datasets[0]?.table_id, first.datasets[0]?.table_id)
        assert.deepStrictEqual(yield* texts("select a from taken"), ["4"])
        const query = yield* run(ImportSource.query("select 5 as a", { name: "taken" }), {
          collisionStrategy: "overwrite"
        })
        assert.deepStrictEqual(names(query), ["taken"])
        assert.deepStrictEqual(yield* texts("select a from taken"), ["5"])
      })
    )

    it.effect("privacy is what was asked for, and the map that was asked for is there", () =>
      Effect.gen(function* () {
        const { run } = yield* Imports
        for (const privacy of ["public", "private", "link"] as const) {
          yield* run(file(`${privacy}_data.csv`, stations), { privacy })
          assert.strictEqual((yield* get(`viz/${privacy}_data`)).privacy, privacy.toUpperCase())
        }
        const done = yield* run(file("mapped.csv", stations), { createMap: true })
        if (done._tag !== "Imported") return assert.fail(done._tag)
        const map = yield* Effect.flatMap(Visualizations, ({ get }) => get(done.map_visualization_id ?? ""))
        assert.strictEqual(map.name, "mapped map")
      })
    )

    it.effect("identifiers stay whole without type guessing, or in quotes without guessing in those", () =>
      Effect.gen(function* () {
        const { run } = yield* Imports
        const codes = 'zip,n\n"01001",1\n'
        yield* run(file("guessed.csv", codes))
        assert.deepStrictEqual(yield* texts("select zip, n from guessed"), ["1001|1"])
        yield* run(file("plain.csv", codes), { typeGuessing: false })
        assert.deepStrictEqual(yield* columnsOf("plain"), ["zip text", "n text"])
        assert.deepStrictEqual(yield* texts("select zip from plain"), ["01001"])
        yield* run(file("quoted.csv", codes), { quotedFieldsGuessing: false })
        assert.deepStrictEqual(yield* columnsOf("quoted"), ["zip text", "n integer"])
      })
    )
  })

  describe("many", () => {
    /** The most imports that the server had under way at once while `self` ran. */
    const peakDuring = <A, E, R>(self: Effect.Effect<A, E, R>) =>
      Effect.gen(function* () {
        const { list } = yield* Imports
        let peak = 0
        const look = Effect.map(list, ({ length }) => {
          peak = Math.max(peak, length)
        })
        const result = yield* Effect.raceFirst(self, Effect.forever(look))
        return { peak, result }
      })

    it.effect("twenty files go through three slots, and one that is broken is reported among them", () =>
      Effect.gen(function* () {
        const { imports: knobs } = yield* Emulator
        const { many } = yield* Imports
        // More than the client may use: what it uses is its own doing.
        yield* knobs.setSlots(20)
        yield* knobs.setPolls({ pending: 1 })
        const sources = Array.from({ length: 20 }, (_, i) =>
          file(`many_${String(i).padStart(2, "0")}.csv`, i === 7 ? 'a,b\n1,"2\n' : `a,b\n${i},2\n`)
        )
        const { peak, result } = yield* peakDuring(Stream.runCollect(many(sources)))
        yield* knobs.setPolls({})
        yield* knobs.setSlots(3)
        assert.strictEqual(peak, 3)
        assert.strictEqual(result.length, 20)
        const failed = result.flatMap(({ result, source }) =>
          Result.isFailure(result) ? [[source === sources[7], result.failure.reason._tag]] : []
        )
        assert.deepStrictEqual(failed, [[true, "ImportError"]])
        assert.deepStrictEqual(yield* texts("select count(*) from pg_class where relname ~ '^many_\\d\\d$'"), ["19"])
      })
    )

    it.effect("a server with fewer slots than the client thinks is waited for", () =>
      Effect.gen(function* () {
        const { imports: knobs } = yield* Emulator
        const { many } = yield* Imports
        yield* knobs.setSlots(1)
        const sources = ["p", "q", "r"].map((name) => file(`few_${name}.csv`, "a\n1\n"))
        const { peak, result } = yield* peakDuring(Stream.runCollect(many(sources)))
        yield* knobs.setSlots(3)
        assert.strictEqual(peak, 1)
        assert.isTrue(result.every(({ result }) => Result.isSuccess(result)))
      })
    )
  })
})
