import { assert, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Schedule } from "effect"
import { Database } from "../src/Database.ts"
import { Emulator } from "../src/Emulator.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { ownerRole } from "../src/sql/roles.ts"
import { json, send } from "./http.ts"
import * as account from "./wire/account.ts"
import { compare } from "./wire/compare.ts"
import { type Recording, recordings } from "./wire/Recording.ts"

// The recordings are one conversation: what is asked of a job follows its creation.
const conversation = recordings.filter(
  ({ name, path }) => name.startsWith("b") && /^\/api\/v2\/(sql\/job|jobs-wip)/.test(path)
)

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/
const created = new Set(conversation.flatMap(({ body, method }) => (method === "POST" ? (uuid.exec(body) ?? []) : [])))

/** Of which the recorded side cannot be brought about again. */
const exceptions: Readonly<Record<string, string>> = {
  "b02-get-just-created": "the emulator begins with a job at once",
  "b80-payload-16384": "only the beginning and the end of its body were recorded",
  "b101-admin-cancel-final": "an operator stopped the query inside the database",
  "b99-terminated-final": "an operator ended the database's session",
  "b114-queue-5": "recorded with a shorter queue"
}

/** How far the job was when these were sent. */
const before: Readonly<Record<string, RegExp>> = {
  "b29-cancel-done": /"status":"done"/,
  "b123-cancel-while-main-fallback": /"fallback_status":"running"/
}

const nobody = "00000000-0000-0000-0000-000000000000"
const isReplayed = ({ name, path }: Recording) => {
  const id = uuid.exec(path)?.[0]
  return exceptions[name] === undefined && (id === undefined || id === nobody || created.has(id))
}
const replayed = conversation.filter(isReplayed)

const emulator = Layer.effectDiscard(
  Effect.gen(function* () {
    const emulator = yield* Emulator
    const database = yield* Database
    yield* emulator.addKey({ name: "regular", token: Redacted.make("aliceregular") })
    yield* database.rows(account.tables, { role: ownerRole })
  })
).pipe(
  Layer.provideMerge(Emulator.layer({ apiKey: Redacted.make("alicemaster") })),
  Layer.provideMerge(PgliteDatabase.layer())
)

/** Ids and times of this run in place of the recorded ones. */
const masked = (text: string) =>
  text.replaceAll(new RegExp(uuid, "g"), "ID").replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")

const statuses = (text: string) => [...text.matchAll(/"(?:fallback_)?status":"\w+"/g)].join()

it.layer(emulator, { timeout: "2 minutes", excludeTestServices: true })("Wire of batch jobs", (it) => {
  const ids = new Map<string, string>()

  const ask = Effect.fnUntraced(function* ({ method, path, requestBody, requestHeaders }: Recording) {
    const { origin } = yield* Emulator
    const { "content-length": _, ...headers } = requestHeaders
    return yield* send(origin + path.replace(uuid, (id) => ids.get(id) ?? id), {
      method,
      headers: { ...headers, "content-length": String(Buffer.byteLength(requestBody)) },
      body: requestBody
    })
  })

  /** Asks once more when the job is where it was when the exchange was recorded. */
  const settled = Effect.fnUntraced(function* (recording: Recording) {
    const look = { ...recording, method: "GET", requestBody: "" }
    const isThere = (text: string) =>
      recording.method === "GET"
        ? statuses(text) === statuses(recording.body)
        : (before[recording.name]?.test(text) ?? true)
    if (recording.method !== "POST") {
      yield* Effect.repeat(ask(look), {
        until: ({ text }) => isThere(text),
        schedule: Schedule.spaced("10 millis"),
        times: 1500
      })
    }
    return yield* ask(recording)
  })

  for (const recording of replayed) {
    it.effect(`${recording.name} is answered as recorded`, () =>
      Effect.gen(function* () {
        const response = yield* settled(recording)
        const recordedId = uuid.exec(recording.body)?.[0]
        if (recording.method === "POST" && recordedId !== undefined) ids.set(recordedId, json(response).job_id)
        const { answered, recorded } = compare(recording, response, "today")
        assert.deepStrictEqual(
          { ...answered, body: masked(answered.body) },
          { ...recorded, body: masked(recorded.body) }
        )
      })
    )
  }

  it("40 recordings or more are replayed", () => {
    assert.isAtLeast(replayed.length, 40)
  })
})
