/** The examples are programs that people run: each runs here against the emulator, and did what it says it does. */
import { type ChildProcess, spawn } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { createServer } from "node:http"
import { join, resolve } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { gunzipSync } from "node:zlib"
import { NodeFileSystem } from "@effect/platform-node"
import { assert, it } from "@effect/vitest"
import { Datasets, ImportSource, Sql, Synchronizations } from "@effect-carto/core"
import { Emulator, Fault, PgliteDatabase } from "@effect-carto/emulator"
import { NodeCarto } from "@effect-carto/node"
import { Effect, Fiber, FileSystem, Layer, Redacted, Schedule, Schema, Stream } from "effect"
import { Client } from "pg"
import * as PostgresFront from "./PostgresFront.ts"

const root = resolve(import.meta.dirname, "..")

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Running {
  readonly child: ChildProcess
  /** What it has printed so far. */
  readonly printed: () => string
  readonly ended: Effect.Effect<Ended>
}

interface RunOptions {
  readonly args?: ReadonlyArray<string>
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
}

const start = Effect.fnUntraced(function* (program: string, { args = [], env = {}, stdin = "" }: RunOptions = {}) {
  const { masterKey, url } = yield* Emulator
  return yield* Effect.acquireRelease(
    Effect.sync((): Running => {
      const child = spawn(
        process.execPath,
        ["--conditions=@effect-carto/source", join(root, "examples", program), ...args],
        {
          env: {
            ...process.env,
            CARTO_API_URL: url,
            CARTO_API_KEY: Redacted.value(masterKey),
            NO_COLOR: "1",
            ...env
          }
        }
      )
      let stdout = ""
      let stderr = ""
      child.stdout.on("data", (data) => (stdout += String(data)))
      child.stderr.on("data", (data) => (stderr += String(data)))
      child.stdin.end(stdin)
      const closed = new Promise<number | null>((resolve) => child.on("close", resolve))
      return {
        child,
        printed: () => stdout + stderr,
        ended: Effect.map(
          Effect.promise(() => closed),
          (code) => ({ code, stdout, stderr })
        )
      }
    }),
    ({ child }) => Effect.sync(() => child.kill("SIGKILL"))
  )
})

const run = (program: string, options?: RunOptions) =>
  Effect.scoped(Effect.flatMap(start(program, options), ({ ended }) => ended))

const succeeds = (program: string, options?: RunOptions) =>
  Effect.map(run(program, options), (ended) => {
    assert.strictEqual(ended.code, 0, `${ended.stdout}\n${ended.stderr}`)
    return ended
  })

/** Waits until a program has printed something. */
const eventually = (running: Running, pattern: RegExp) =>
  Effect.suspend(() => {
    const found = pattern.exec(running.printed())
    return found === null ? Effect.fail(`not printed: ${pattern} in ${running.printed()}`) : Effect.succeed(found)
  }).pipe(Effect.retry(Schedule.spaced("50 millis").pipe(Schedule.upTo({ times: 600 }))))

const folder = Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeTempDirectoryScoped({ prefix: "carto-examples-" }))

const write = Effect.fnUntraced(function* (folder: string, file: string, text: string) {
  const fs = yield* FileSystem.FileSystem
  const path = join(folder, file)
  yield* fs.writeFileString(path, text)
  return path
})

const read = (path: string) => Effect.flatMap(FileSystem.FileSystem, (fs) => fs.readFileString(path))

const rows = (statement: string) =>
  Effect.flatMap(Sql, (sql) => Effect.map(sql.query()(sql.unsafe(statement)), ({ rows }) => rows))

const carto = Layer.unwrap(
  Effect.map(Emulator, ({ masterKey, url }) => NodeCarto.layer({ url, apiKey: masterKey }))
).pipe(Layer.provideMerge(Emulator.layerTest), Layer.provideMerge(NodeFileSystem.layer))

const prepared = Layer.effectDiscard(
  Effect.gen(function* () {
    const sql = yield* Sql
    const datasets = yield* Datasets
    yield* sql.execute`create table cities (name text, population int8, the_geom geometry(Geometry, 4326))`
    yield* sql.execute`insert into cities values
      ('Tokyo', 37393000, ST_SetSRID(ST_MakePoint(139.69, 35.69), 4326)),
      ('Delhi', 30291000, ST_SetSRID(ST_MakePoint(77.22, 28.67), 4326)),
      ('Lima', 10719000, ST_SetSRID(ST_MakePoint(-77.03, -12.04), 4326)),
      ('Reykjavik', 139875, ST_SetSRID(ST_MakePoint(-21.90, 64.15), 4326))`
    yield* datasets.cartodbfy("cities")
  })
).pipe(Layer.provideMerge(carto))

it("their README names each of them", () => {
  const programs = readdirSync(join(root, "examples")).filter((file) => file.endsWith(".ts"))
  const readme = readFileSync(join(root, "examples/README.md"), "utf8")
  assert.deepStrictEqual(
    programs.filter((file) => !readme.includes(`](${file})`)),
    []
  )
})

it.layer(prepared, { timeout: "120 seconds", excludeTestServices: true })("examples", (it) => {
  it.effect("nightlyLoad replaces what is there, imports what is new, and goes on behind a failure", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const csv = new TextEncoder().encode("Code,Celsius\nKEF,4\nLIM,19\n")
      yield* datasets.create(ImportSource.bytes("readings.csv", Stream.make(csv)))
      const before = yield* datasets.get("readings")
      const at = yield* folder
      yield* write(at, "readings.csv", "Code,Celsius\nDEL,31\nHND,12\nLIM,20\n")
      yield* write(at, "new stations.csv", "name,platforms\nAtocha,21\n")
      yield* write(at, "empty.csv", "")

      const { code, stderr, stdout } = yield* run("nightlyLoad.ts", { args: [at] })

      assert.strictEqual(code, 1, stderr)
      assert.include(stdout, "new stations.csv: new dataset new_stations")
      assert.match(stdout, /readings\.csv: replaced readings, 3 rows/)
      assert.match(stderr, /empty\.csv: .*empty/)
      assert.include(stdout, "2 of 3 files loaded")
      assert.notInclude(stderr, "FilesFailed")
      assert.deepStrictEqual(yield* rows("select code, celsius::int4 from readings order by code"), [
        { code: "DEL", celsius: 31 },
        { code: "HND", celsius: 12 },
        { code: "LIM", celsius: 20 }
      ])
      assert.strictEqual((yield* datasets.get("readings")).id, before.id)
      assert.deepStrictEqual(yield* rows("select name from new_stations"), [{ name: "Atocha" }])
      yield* datasets.delete("readings")
      yield* datasets.delete("new_stations")
    })
  )

  it.effect(
    "exportAccount writes rows, statements and a manifest, and goes on with what is new or was broken off",
    () =>
      Effect.gen(function* () {
        const { faults } = yield* Emulator
        const fs = yield* FileSystem.FileSystem
        const sql = yield* Sql
        const datasets = yield* Datasets
        const at = join(yield* folder, "backup")
        const Line = Schema.fromJsonString(Schema.Struct({ name: Schema.String, size: Schema.Int }))
        const manifest = Effect.flatMap(read(join(at, "manifest.ndjson")), (text) =>
          Effect.forEach(text.trim().split("\n"), (line) => Schema.decodeEffect(Line)(line))
        )

        const first = yield* succeeds("exportAccount.ts", { args: [at] })
        assert.include(first.stdout, `1 datasets written to ${at}`)
        const csv = yield* read(join(at, "cities.csv"))
        assert.strictEqual(csv.trim().split("\n").length, 5)
        assert.match(yield* read(join(at, "cities.sql")), /CREATE TABLE/)
        assert.deepStrictEqual(yield* manifest, [{ name: "cities", size: csv.length }])
        const { mtime } = yield* fs.stat(join(at, "cities.csv"))

        yield* sql.execute`create table later (a int)`
        yield* datasets.cartodbfy("later")
        yield* faults.inject(Fault.Cut({ afterBytes: 0 }), { path: "/copyto", times: 100 })
        const broken = yield* run("exportAccount.ts", { args: [at] })
        yield* faults.clear
        assert.strictEqual(broken.code, 1)
        assert.isFalse(yield* fs.exists(join(at, "later.csv")))
        assert.deepStrictEqual(yield* manifest, [{ name: "cities", size: csv.length }])

        const second = yield* succeeds("exportAccount.ts", { args: [at] })
        assert.notInclude(second.stdout, "cities")
        assert.deepStrictEqual(
          (yield* manifest).map(({ name }) => name),
          ["cities", "later"]
        )
        assert.deepStrictEqual((yield* fs.stat(join(at, "cities.csv"))).mtime, mtime)
        yield* datasets.delete("later")
      })
  )

  it.effect("datasetToMbtiles writes vector tiles that SQLite can read", () =>
    Effect.gen(function* () {
      const file = join(yield* folder, "cities.mbtiles")
      const { stderr, stdout } = yield* succeeds("datasetToMbtiles.ts", { args: ["cities", file, "--max-zoom", "3"] })
      assert.match(stdout, /cities\.mbtiles: \d+ tiles, \d+ bytes; \d+ tiles are empty/)
      assert.match(stderr, /\d+ of \d+ tiles/)
      const database = new DatabaseSync(file, { readOnly: true })
      const [{ data }] = database
        .prepare("select tile_data as data from tiles where zoom_level = 0")
        .all() as unknown as [{ data: Uint8Array }]
      const metadata = database.prepare("select name, value from metadata").all()
      database.close()
      assert.include(gunzipSync(data).toString("latin1"), "Reykjavik")
      assert.deepInclude(metadata, Object.assign(Object.create(null), { name: "name", value: "cities" }))

      const missing = yield* run("datasetToMbtiles.ts", { args: ["nowhere", file] })
      assert.strictEqual(missing.code, 1)
      assert.include(missing.stdout, "nowhere")
    })
  )

  it.effect("syncMonitor is silent with 0 while all is well, and posts what is not", () =>
    Effect.gen(function* () {
      const { imports, url } = yield* Emulator
      const synchronizations = yield* Synchronizations
      const posted: Array<string> = []
      const hook = yield* Effect.acquireRelease(
        Effect.callback<{ readonly url: string; readonly close: () => void }>((resume) => {
          const server = createServer((request, response) => {
            let body = ""
            request.on("data", (data) => (body += String(data)))
            request.on("end", () => {
              posted.push(body)
              response.end()
            })
          })
          server.listen(0, "127.0.0.1", () => {
            const address = server.address()
            const port = typeof address === "object" ? address?.port : 0
            resume(Effect.succeed({ url: `http://127.0.0.1:${port}/`, close: () => server.close() }))
          })
        }),
        ({ close }) => Effect.sync(close)
      )
      const env = { ALERT_WEBHOOK: hook.url }
      const source = (name: string) =>
        ImportSource.url(`${url}/api/v2/sql?q=${encodeURIComponent("select 1 as a")}&format=csv&filename=${name}`)

      yield* synchronizations.run(source("healthy"), { interval: "1 day" })
      const well = yield* succeeds("syncMonitor.ts", { env })
      assert.strictEqual(well.stdout.trim(), "healthy: well")
      assert.deepStrictEqual(posted, [])

      yield* imports.failNext(1005)
      yield* Effect.flip(synchronizations.run(source("broken"), { interval: "1 day" }))
      const ill = yield* run("syncMonitor.ts", { env })
      assert.strictEqual(ill.code, 1)
      assert.match(ill.stdout, /failing: .*more tries/)
      assert.notInclude(ill.stderr, "SomeAreIll")
      assert.strictEqual(posted.length, 1)
      assert.match(posted[0] ?? "", /^\{"text":".*failing: /)
    })
  )

  it.effect("webService answers JSON, refuses nonsense, and ends a request that is under way after SIGTERM", () =>
    Effect.gen(function* () {
      const { faults } = yield* Emulator
      const service = yield* start("webService.ts", { env: { PORT: "0" } })
      const [, port] = yield* eventually(service, /http:\/\/\S+:(\d+)/)
      const get = (path: string) =>
        Effect.promise(async () => {
          const response = await fetch(`http://127.0.0.1:${port}${path}`)
          return { status: response.status, body: await response.text() }
        })
      const near = yield* get("/near?longitude=0&latitude=60&limit=2")
      assert.strictEqual(near.status, 200)
      assert.deepStrictEqual(
        JSON.parse(near.body).map(({ name }: { readonly name: string }) => name),
        ["Reykjavik", "Delhi"]
      )
      assert.strictEqual((yield* get("/near?longitude=200&latitude=60")).status, 400)

      yield* faults.inject(Fault.Latency({ delay: "2 seconds" }), { path: "/sql" })
      const last = yield* Effect.forkChild(get("/near?longitude=0&latitude=60"))
      yield* Effect.sleep("500 millis")
      service.child.kill("SIGTERM")
      assert.strictEqual((yield* Fiber.join(last)).status, 200)
      assert.strictEqual((yield* service.ended).code, 130)
    })
  )

  it.effect("spatialJoin counts points in polygons, as a table and as GeoJSON", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      const datasets = yield* Datasets
      yield* sql.execute`create table halves (name text, the_geom geometry(Geometry, 4326))`
      yield* sql.execute`insert into halves values
        ('north-east', ST_MakeEnvelope(0, 0, 160, 85, 4326)),
        ('north-west', ST_MakeEnvelope(-160, 0, 0, 85, 4326)),
        ('south-east', ST_MakeEnvelope(0, -85, 160, 0, 4326))`
      yield* datasets.cartodbfy("halves")
      const file = join(yield* folder, "report.geojson")
      const { stdout } = yield* succeeds("spatialJoin.ts", { args: ["cities", "halves", file] })
      assert.match(stdout, /north-east +2 /)
      assert.match(stdout, /north-west +1 /)
      assert.match(stdout, /south-east +0 /)
      const { features } = JSON.parse(yield* read(file))
      assert.deepStrictEqual(
        features.map(({ geometry, properties }: (typeof features)[number]) => [
          properties.name,
          properties.points,
          geometry.type
        ]),
        [
          ["north-east", 2, "Polygon"],
          ["north-west", 1, "Polygon"],
          ["south-east", 0, "Polygon"]
        ]
      )
      yield* datasets.delete("halves")
    })
  )

  it.effect("datasetToPostgres streams a dataset from COPY to COPY, and keeps the old table when that fails", () =>
    Effect.gen(function* () {
      const { faults } = yield* Emulator
      const target = yield* PostgresFront.serve
      const env = { TARGET_URL: target }
      const inTarget = (statement: string) =>
        Effect.promise(async () => {
          const client = new Client(target)
          await client.connect()
          return client
            .query(statement)
            .then(({ rows }) => rows)
            .finally(() => client.end())
        })
      const { stdout } = yield* succeeds("datasetToPostgres.ts", { args: ["cities"], env })
      assert.include(stdout, "cities is in the target, with 5 columns")
      const moved = "select name, population, ST_AsText(the_geom) as at, GeometryType(the_geom_webmercator) as kind"
      assert.deepInclude(yield* inTarget(`${moved} from cities order by name`), {
        name: "Lima",
        population: "10719000",
        at: "POINT(-77.03 -12.04)",
        kind: "POINT"
      })

      const keys = "select count(*) as n from pg_constraint where conrelid = 'cities'::regclass and contype = 'p'"
      assert.deepStrictEqual(yield* inTarget(keys), [{ n: "1" }])

      yield* faults.inject(Fault.Cut({ afterBytes: 100 }), { path: "/copyto", times: 10 })
      const broken = yield* run("datasetToPostgres.ts", { args: ["cities"], env })
      yield* faults.clear
      assert.strictEqual(broken.code, 1)
      assert.deepStrictEqual(
        yield* inTarget("select count(*) as n, to_regclass('cities_incoming') as staging from cities"),
        [{ n: "4", staging: null }]
      )
    }).pipe(Effect.provide(PgliteDatabase.layer()))
  )

  it.effect("carefulImport keeps leading zeros and the names of columns, and sends nothing that would be refused", () =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const at = yield* folder
      const file = yield* write(at, "places.csv", "Name,Zip Code\nHoltsville,00501\nAgawam,01001\n")
      const { stdout } = yield* succeeds("carefulImport.ts", { args: [file] })
      assert.include(stdout, "every column stays text")
      assert.include(stdout, "2 columns have their names back")
      assert.deepStrictEqual(yield* rows('select "Name", "Zip Code" from places order by 1'), [
        { Name: "Agawam", "Zip Code": "01001" },
        { Name: "Holtsville", "Zip Code": "00501" }
      ])
      yield* datasets.delete("places")

      const refused = yield* run("carefulImport.ts", { args: [yield* write(at, "nothing.csv", "")] })
      assert.strictEqual(refused.code, 1)
      assert.include(refused.stdout, "empty")
    })
  )

  it.effect("livePoll prints what changes, and tells that it waits for a rate limit", () =>
    Effect.gen(function* () {
      const { setRateLimit } = yield* Emulator
      const sql = yield* Sql
      yield* sql.execute`create table events (a int)`
      yield* sql.execute`insert into events select generate_series(1, 1200)`
      yield* setRateLimit("query", [{ burst: 0, count: 1, period: "1 second" }])
      const wall = yield* start("livePoll.ts", { args: ["events", "--every", "100 millis"] })
      yield* eventually(wall, /^1,200$/m)
      yield* eventually(wall, /Waiting/)
      yield* setRateLimit("query", [])
      yield* sql.execute`insert into events values (1), (2), (3)`
      yield* eventually(wall, /^1,203 \(\+3\)$/m)
      wall.child.kill("SIGINT")
      const { code, stderr, stdout } = yield* wall.ended
      assert.strictEqual(code, 130)
      assert.strictEqual(stdout, "1,200\n1,203 (+3)\n")
      assert.match(stderr, /Waiting/)
      yield* sql.execute`drop table events`
    })
  )

  it.effect("upsertEvents changes rows by their id, and leaves out what is no event", () =>
    Effect.gen(function* () {
      const { faults } = yield* Emulator
      const sql = yield* Sql
      const datasets = yield* Datasets
      yield* sql.execute`create table vehicles (id text, status text, seen_at timestamptz, the_geom geometry(Geometry, 4326))`
      yield* datasets.cartodbfy("vehicles")
      const event = (id: string, status: string, longitude: number) =>
        JSON.stringify({
          id,
          status,
          seen_at: "2026-01-01T00:00:00Z",
          position: { type: "Point", coordinates: [longitude, 0] }
        })
      const first = [
        event("a", "parked", 1),
        event("b", "moving", 2),
        event("a", "moving", 3),
        "{",
        event("c", "up", 4)
      ]
      const { stderr, stdout } = yield* succeeds("upsertEvents.ts", {
        args: ["vehicles"],
        stdin: `${first.join("\n")}\n`
      })
      assert.strictEqual(stdout.trim(), "2 rows")
      assert.strictEqual(stderr.match(/left out/g)?.length, 2)
      yield* faults.inject(Fault.Reset(), { path: "/copyfrom" })
      yield* succeeds("upsertEvents.ts", { args: ["vehicles"], stdin: event("b", "lost", 5) })
      assert.deepStrictEqual(yield* rows("select id, status, ST_X(the_geom) as x from vehicles order by id"), [
        { id: "a", status: "moving", x: 3 },
        { id: "b", status: "lost", x: 5 }
      ])
      yield* datasets.delete("vehicles")
    })
  )
})
