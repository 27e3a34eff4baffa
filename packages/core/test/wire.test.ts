/** Every recorded answer of the real SQL servers, read by the client's own readers. */
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, Predicate, Redacted, Result, Stream } from "effect"
import { HttpClientRequest } from "effect/http"
import { Auth } from "../src/Auth.ts"
import { CartoClient } from "../src/CartoClient.ts"
import { copyTo } from "../src/internal/copyTo.ts"
import { jsonRows } from "../src/internal/jsonRows.ts"
import { readAnswer } from "../src/internal/sqlAnswer.ts"
import * as PgTypes from "../src/PgTypes.ts"
import { HttpMock } from "./HttpMock.ts"

const folder = fileURLToPath(new URL("../../emulator/test/fixtures/wire/sql/", import.meta.url))

interface Recording {
  readonly name: string
  readonly path: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const parse = (name: string): Recording => {
  const text = readFileSync(`${folder}${name}`, "utf8")
  const [before = "", after = ""] = text.split("<<< RESPONSE\n", 2)
  const end = after.indexOf("\n\n")
  const [statusLine = "", ...lines] = after.slice(0, end).split("\n")
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 2)])
  )
  return {
    name,
    path: /^[A-Z]+ (\S+)/m.exec(before.slice(before.indexOf(">>> REQUEST") + 12))?.[1] ?? "",
    status: Number(statusLine.split(" ")[1]),
    headers,
    body: after.slice(end + 2).replace(/\n$/, "")
  }
}

const recordings = readdirSync(folder)
  .filter((name) => name.endsWith(".http"))
  .map(parse)
  .filter(({ status }) => status > 0)

const framing = new Set(["transfer-encoding", "content-length", "connection", "content-encoding"])
const answering = ({ body, headers, status }: Recording) =>
  CartoClient.layer({ retries: 0 }).pipe(
    Layer.provide(Auth.layer({ url: "https://alice.carto.com", apiKey: Redacted.make("alicemaster") })),
    Layer.provide(
      HttpMock.layer([
        {
          status,
          body,
          headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !framing.has(name)))
        }
      ])
    )
  )

const messagesOf = (body: string): ReadonlyArray<unknown> | undefined => {
  const json = Result.getOrUndefined(Result.try((): unknown => JSON.parse(body)))
  return Predicate.isObject(json) && Array.isArray(json.error) ? json.error : undefined
}

const refusals = recordings.filter(({ status }) => status >= 400)
const answers = recordings.filter(
  ({ body, headers, path, status }) =>
    status === 200 &&
    /^\/(?:user\/\w+\/)?api\/v\d\/sql\/?\?/i.test(path) &&
    (headers["content-type"] ?? "").startsWith("application/json") &&
    // Some long recordings are shortened in the middle.
    body.startsWith('{"rows"') &&
    Result.isSuccess(Result.try(() => JSON.parse(body)))
)
const copies = recordings.filter(({ path, status }) => status === 200 && path.includes("/copyto"))

describe("recorded refusals", () => {
  it("are many", () => assert.isAbove(refusals.length, 80))
  for (const recording of refusals) {
    it.effect(`${recording.name} has a reason with the server's words`, () =>
      Effect.gen(function* () {
        const carto = yield* CartoClient
        const error = yield* Effect.flip(carto.text("Test", HttpClientRequest.get("/api/v2/sql")))
        assert.notStrictEqual(error.reason._tag, "ProtocolError")
        assert.strictEqual(error.status, recording.status)
        const [message] = messagesOf(recording.body) ?? []
        if (typeof message === "string" && !message.includes("\n")) {
          assert.strictEqual(error.reason.message, message.replace(/\s+/g, " ").trim().slice(0, 1000))
        } else assert.isNotEmpty(error.reason.message)
      }).pipe(Effect.provide(answering(recording)))
    )
  }
})

describe("recorded answers", () => {
  it("are many", () => assert.isAbove(answers.length, 60))
  for (const { body, name } of answers) {
    it.effect(`${name} is read whole and in pieces to the same rows`, () =>
      Effect.gen(function* () {
        const whole = readAnswer("Test", body, (text) => text)
        const pieces = yield* Stream.make(new TextEncoder().encode(body)).pipe(
          Stream.pipeThroughChannel(jsonRows()),
          Stream.runCollect,
          Effect.exit
        )
        const told = messagesOf(body)
        assert.strictEqual(Result.isFailure(whole), told !== undefined)
        assert.strictEqual(Exit.isFailure(pieces), told !== undefined)
        if (Result.isSuccess(whole) && Exit.isSuccess(pieces)) {
          assert.deepStrictEqual(pieces.value, whole.success.rows)
          for (const row of PgTypes.rowsFromJson(
            Object.fromEntries(
              Object.entries(whole.success.fields).filter(([, field]) => PgTypes.isExactInJson(PgTypes.pgtypeOf(field)))
            )
          )(whole.success.rows)) {
            assert.isObject(row)
          }
        }
        if (Result.isFailure(whole)) assert.strictEqual(whole.failure.reason.message, told?.[0])
      })
    )
  }
})

describe("recorded COPY data", () => {
  it("are some", () => assert.isAbove(copies.length, 5))
  for (const recording of copies) {
    it.effect(`${recording.name} passes, or fails with the error behind it`, () =>
      Effect.gen(function* () {
        const carto = yield* CartoClient
        let data = ""
        const exit = yield* copyTo(carto, "Test", "/api/v2/sql", "COPY t TO STDOUT", true).pipe(
          Stream.decodeText,
          Stream.runForEach((text) => Effect.sync(() => (data += text))),
          Effect.exit
        )
        const appended = /\{"error":\[.*\}$/s.exec(recording.body)?.[0]
        assert.strictEqual(Exit.isFailure(exit), appended !== undefined)
        assert.strictEqual(data, recording.body.slice(0, recording.body.length - (appended?.length ?? 0)))
      }).pipe(Effect.provide(answering(recording)))
    )
  }
})
