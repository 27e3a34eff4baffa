import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Emulator } from "../src/Emulator.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { askUntil } from "./asking.ts"
import { type Answer, content, serve } from "./FileServer.ts"
import { json } from "./http.ts"
import { ask, askJson, finished, rows, type Status, status } from "./importing.ts"

const layer = Emulator.layer().pipe(Layer.provideMerge(PgliteDatabase.layer()))

const texts = (sql: string) => Effect.map(rows(sql), (all) => all.map((row) => Object.values(row).join("|")))

const remove = (id: unknown) => ask(`synchronizations/${id}`, { method: "DELETE" })

/** A synchronization, gone with the test: else its runs that come due would meet what other tests plan. */
const created = (body: unknown) =>
  Effect.acquireRelease(askJson("synchronizations", body), (response) => Effect.orDie(remove(json(response).id)))
const create = (body: unknown) => Effect.map(created(body), (response): Status => json(response))
const get = (id: unknown) => Effect.map(ask(`synchronizations/${id}`), (response): Status => json(response))
const reach = (id: unknown, is: (one: Status) => boolean) => askUntil(get(id), is)
const rests = ({ state }: Status) => state === "success" || state === "failure"
const runNow = (id: unknown) =>
  Effect.map(ask(`synchronizations/${id}/sync_now`, { method: "PUT" }), (response) => json(response))

/** Serves a file that can be changed, and counts the answers that carried it. */
const source = Effect.fnUntraced(function* (first: string) {
  const state = { body: first, etag: true, sent: 0 }
  const answer: Answer = (request, response) => {
    const etag = `"${state.body.length}-${state.body.at(-2)}"`
    if (state.etag && request.headers["if-none-match"] === etag) {
      response.writeHead(304).end()
      return
    }
    state.sent += 1
    const headers = { "last-modified": "Wed, 01 Jan 2020 00:00:00 GMT" }
    response.writeHead(200, state.etag ? { ...headers, etag } : headers).end(state.body)
  }
  const answers: Record<string, Answer> = { "/Stations.csv": answer }
  return { answers, state, url: `${yield* serve(answers)}/Stations.csv` }
})

/** A synchronization whose first import is over. */
const synchronized = Effect.fnUntraced(function* (body: Readonly<Record<string, unknown>>) {
  const created = yield* create(body)
  return yield* reach(created.id, rests)
})

it.layer(layer, { timeout: "3 minutes" })("Synchronizations", (it) => {
  it.effect("the first import starts at once, and its end is told", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2019, 3, 2, 9, 31, 5, 120))
      const { imports } = yield* Emulator
      const { url } = yield* source("a,lat,lon\n1,2,3\n")
      yield* imports.setPolls({ uploading: 1 })
      const response = yield* created({ url, interval: "3600" })
      const first: Status = json(response)
      assert.deepInclude(first, {
        name: null,
        interval: 3600,
        url,
        state: "queued",
        created_at: "2019-04-02T09:31:05.120+00:00",
        run_at: "2019-04-02T10:31:05.120+00:00",
        ran_at: "2019-04-02T09:31:05.120+00:00",
        modified_at: null,
        etag: null,
        checksum: "",
        error_code: null,
        retried_times: 0,
        visualization_id: null,
        from_external_source: false
      })
      const { item_queue_id } = json(response).data_import
      const imported = yield* finished(item_queue_id)
      yield* imports.setPolls({})
      assert.deepInclude(imported, { state: "complete", table_name: "stations", synchronization_id: first.id })
      const done = yield* reach(first.id, rests)
      assert.deepInclude(done, {
        state: "success",
        name: "stations",
        created_at: "2019-04-02T09:31:05.120Z",
        modified_at: "2020-01-01T00:00:00.000Z"
      })
      assert.isString(done.visualization_id)
      assert.deepStrictEqual(
        yield* texts(
          `select synchronization->>'state' from carto_emulator.visualizations where id = '${done.visualization_id}'`
        ),
        ["success"]
      )
      const list = json(yield* ask("synchronizations"))
      assert.strictEqual(list.total_entries, 1)
      assert.deepStrictEqual(list.synchronizations[0], done)
      assert.deepStrictEqual(json(yield* ask(`synchronizations/${first.id}/sync_now`)), { state: "success" })
    }).pipe(Effect.scoped)
  )

  it.effect("the clock starts runs, which load only what is new, in place of the table", () =>
    Effect.gen(function* () {
      const { state, url } = yield* source("a\n1\n")
      const { id, visualization_id } = yield* synchronized({ url, interval: 900, table_name: "followed" })
      assert.strictEqual(state.sent, 1)
      const run = Effect.gen(function* () {
        const before = yield* get(id)
        yield* TestClock.adjust("15 minutes")
        return yield* reach(id, (one) => rests(one) && one.ran_at !== before.ran_at)
      })
      yield* run
      assert.strictEqual(state.sent, 1)
      state.body = "a,b\n1,x\n2,y\n"
      assert.deepInclude(yield* run, { state: "success", visualization_id })
      assert.strictEqual(state.sent, 2)
      assert.deepStrictEqual(yield* texts("select a, b from followed order by a"), ["1|x", "2|y"])
      // Without its ETag the content itself tells that nothing changed.
      state.etag = false
      const written = "select xmin, count(*) from followed group by 1"
      const before = yield* texts(written)
      yield* run
      assert.strictEqual(state.sent, 3)
      assert.deepStrictEqual(yield* texts(written), before)
    }).pipe(Effect.scoped)
  )

  it.effect("failures are counted until a run succeeds, and end the retries after ten", () =>
    Effect.gen(function* () {
      const { answers, url } = yield* source("a\n1\n")
      const { id } = yield* synchronized({ url, interval: 900 })
      const good = answers["/Stations.csv"]
      const next = (retried: number) =>
        Effect.andThen(
          TestClock.adjust("15 minutes"),
          reach(id, (one) => one.retried_times === retried && rests(one))
        )
      answers["/Stations.csv"] = content("", {}, 404)
      assert.deepInclude(yield* next(1), {
        state: "failure",
        error_code: 1100,
        error_message: "Download file not found"
      })
      if (good !== undefined) answers["/Stations.csv"] = good
      assert.deepInclude(yield* next(0), { state: "success", error_code: null, error_message: null })
      answers["/Stations.csv"] = content("", {}, 404)
      for (let retried = 1; retried <= 10; retried++) yield* next(retried)
      yield* TestClock.adjust("1 hour")
      const given = yield* get(id)
      assert.deepInclude(given, { state: "failure", retried_times: 10 })
      assert.deepStrictEqual(yield* runNow(id), { enqueued: true, synchronization_id: id })
      yield* reach(id, (one) => one.retried_times === 11)
    }).pipe(Effect.scoped)
  )

  it.effect("sync_now is refused in silence: too soon, while it runs, and beside three others", () =>
    Effect.gen(function* () {
      const { synchronizations } = yield* Emulator
      const { url } = yield* source("a\n1\n")
      const all = yield* Effect.forEach([1, 2, 3, 4], () => synchronized({ url, interval: 90_000 }))
      const [a, b, c, d] = all.map(({ id }) => id)
      const enqueued = (id: unknown) => Effect.map(runNow(id), (answer) => answer.enqueued)
      assert.isFalse(yield* enqueued(a))
      yield* TestClock.adjust("15 minutes")
      yield* synchronizations.hold(true)
      assert.deepStrictEqual(yield* Effect.forEach([a, b, c, d], enqueued), [true, true, true, false])
      yield* reach(a, ({ state }) => state === "syncing")
      assert.isFalse(yield* enqueued(a))
      yield* synchronizations.hold(false)
      yield* Effect.forEach([a, b, c], (id) => reach(id, rests))
      assert.isTrue(yield* enqueued(d))
      yield* reach(d, rests)
    }).pipe(Effect.scoped)
  )

  it.effect("a first import that dies early leaves its synchronization queued", () =>
    Effect.gen(function* () {
      const { synchronizations } = yield* Emulator
      const { url } = yield* source("a\n1\n")
      yield* synchronizations.stickNext()
      const stuck = yield* create({ url, interval: 90_000 })
      const without = yield* created({ interval: 90_000 })
      const nothing = yield* finished(json(without).data_import.item_queue_id)
      assert.deepInclude(nothing, { state: "failure", error_code: 1010 })
      for (const id of [stuck.id, json(without).id]) assert.strictEqual((yield* get(id)).state, "queued")
      yield* TestClock.adjust("15 minutes")
      assert.isTrue((yield* runNow(stuck.id)).enqueued)
      assert.deepInclude(yield* reach(stuck.id, rests), { state: "success" })
    }).pipe(Effect.scoped)
  )

  it.effect("a failed first import tells its advice, and a failure that was planned is one", () =>
    Effect.gen(function* () {
      const { imports } = yield* Emulator
      const { url } = yield* source("a\n1\n")
      yield* imports.failNext(2001)
      const failed = yield* synchronized({ url })
      assert.deepInclude(failed, { state: "failure", error_code: 2001, interval: 3600, name: null })
      assert.match(String(failed.error_message), /^Unable to load data: We could not load the file/)
    }).pipe(Effect.scoped)
  )

  it.effect("bodies must be JSON, intervals fifteen minutes, and addresses addresses", () =>
    Effect.gen(function* () {
      for (const body of ["", "url=x", "[1]"]) {
        const response = yield* ask("synchronizations", { method: "POST", body })
        assert.deepStrictEqual(
          [response.status, json(response)],
          [500, { status: "500", error: "Internal Server Error" }]
        )
      }
      const bad = { connector: { provider: "oracle" } }
      assert.strictEqual((yield* askJson("synchronizations", bad)).status, 500)
      for (const interval of [899, "60", "often"]) {
        const response = yield* askJson("synchronizations", { url: "http://x/a.csv", interval })
        assert.deepStrictEqual(
          [response.status, json(response)],
          [400, { errors: "Invalid interval: Sync interval must be at least 15 minutes" }]
        )
      }
      const response = yield* askJson("synchronizations", { url: "gopher://x", interval: 900 })
      assert.deepStrictEqual(
        [response.status, json(response)],
        [400, { errors: "Invalid URL, cannot connect dataset: gopher://x" }]
      )
      const list: { readonly synchronizations: ReadonlyArray<Status> } = json(yield* ask("synchronizations"))
      const orphan = list.synchronizations.find(({ url }) => url === "gopher://x")
      assert.deepInclude(orphan ?? {}, { state: "created" })
      yield* remove(orphan?.id)
    })
  )

  it.effect("an update writes what it is told, and moves the next run", () =>
    Effect.gen(function* () {
      const { url } = yield* source("a\n1\n")
      const { id } = yield* synchronized({ url })
      yield* TestClock.setTime(Date.UTC(2030, 0, 1))
      yield* reach(id, rests)
      const updated: Status = json(yield* askJson(`synchronizations/${id}`, { interval: 60 }, "PUT"))
      assert.deepInclude(updated, {
        interval: 60,
        updated_at: "2030-01-01T00:00:00.000+00:00",
        run_at: "2030-01-01T00:01:00.000+00:00"
      })
      assert.strictEqual((yield* ask(`synchronizations/${id}`, { method: "PUT" })).status, 500)
    }).pipe(Effect.scoped)
  )

  it.effect("deleting leaves the dataset, and deleting the dataset leaves nothing", () =>
    Effect.gen(function* () {
      const { url } = yield* source("a\n1\n")
      const body = { url, interval: 90_000 }
      const one = yield* synchronized(body)
      const deleted = yield* remove(one.id)
      assert.deepStrictEqual([deleted.status, deleted.text], [204, ""])
      for (const method of ["GET", "DELETE"]) {
        const gone = yield* ask(`synchronizations/${one.id}`, { method })
        assert.deepStrictEqual([gone.status, gone.text], [404, " "])
      }
      assert.strictEqual((yield* ask(`synchronizations/${one.id}/sync_now`, { method: "PUT" })).status, 404)
      assert.deepStrictEqual(yield* texts(`select a from ${one.name}`), ["1"])
      const other = yield* synchronized(body)
      yield* rows(`drop table ${other.name}`)
      assert.strictEqual((yield* ask(`synchronizations/${other.id}`)).status, 404)
    }).pipe(Effect.scoped)
  )

  it.effect("an account without synchronizations is answered as a wrong key is", () =>
    Effect.gen(function* () {
      const { plan } = yield* Emulator
      yield* plan.set({ synchronizations: false })
      for (const response of [
        yield* ask("synchronizations"),
        yield* askJson("synchronizations", { url: "http://x/a.csv" })
      ]) {
        assert.deepStrictEqual([response.status, response.text], [401, " "])
      }
      yield* plan.set({ synchronizations: true })
    })
  )

  it.effect("a connector is told without its secrets", () =>
    Effect.gen(function* () {
      const connection = { server: "127.0.0.1", port: 1, database: "d", username: "u", password: "hunter2" }
      const connector = { provider: "postgres", connection, table: "t" }
      const response = yield* created({ connector })
      assert.strictEqual(response.status, 200)
      assert.notInclude(response.text, "hunter2")
      assert.deepInclude(json(response), { url: null, service_name: "connector" })
      const { item_queue_id } = json(response).data_import
      assert.deepInclude(yield* status(item_queue_id), { data_type: "datasource" })
      const { id } = json(response)
      assert.deepInclude(yield* reach(id, rests), { state: "failure", error_code: 1500 })
      // Older servers tell more than they should, and less of the time.
      const { synchronizations } = yield* Emulator
      yield* synchronizations.setVersion("old")
      const old = yield* get(id)
      yield* synchronizations.setVersion("current")
      assert.include(old.service_item_id, "hunter2")
      assert.match(String(old.created_at), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/)
    }).pipe(Effect.scoped)
  )
})
