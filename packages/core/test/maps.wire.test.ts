/** Every recorded answer of the real Maps server, read by the client's own readers. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, Predicate, Redacted, Result, Schema } from "effect"
import { HttpClientRequest } from "effect/http"
import { Auth } from "../src/Auth.ts"
import { CartoClient } from "../src/CartoClient.ts"
import { DataviewResult, SearchResult } from "../src/DataviewResult.ts"
import { LayergroupAnswer } from "../src/Layergroup.ts"
import { AnalysisEntry, AnalysisStatus } from "../src/MapAnalysis.ts"
import { StoredTemplate } from "../src/StoredTemplate.ts"
import { TorquePixel, UtfGrid } from "../src/TileData.ts"
import { HttpMock } from "./HttpMock.ts"
import { type Recording, recorded, recordings, replyOf } from "./recordings.ts"

const answering = (recording: Recording) =>
  CartoClient.layer({ retries: 0 }).pipe(
    Layer.provide(Auth.layer({ url: "https://ana.carto.com", apiKey: Redacted.make("master-ana") })),
    Layer.provide(HttpMock.layer([replyOf(recording)]))
  )

const refusals = recordings.filter(({ status }) => status >= 400)

/** Names of recordings by reason; all others are `MapError`s. */
const reasons: Readonly<Record<string, RegExp>> = {
  AuthError: /^(anon-(07[38]|080|232|239)|named-(003|004|007|008|010|048|061|062|065|088|094|114|119|123|137))-/,
  NotFoundError: /^(anon-(006|008|079|086)|more-035|named-(046|108|115|139|141|142))-/,
  RateLimitError: /^named-(146|150|151)-/
}

const expectedReason = ({ name }: Recording): string =>
  Object.entries(reasons).find(([, names]) => names.test(name))?.[0] ?? "MapError"

const wordsOf = ({ body }: Recording): string | undefined => {
  const json = Result.getOrUndefined(Result.try((): unknown => JSON.parse(String(body))))
  const errors = Predicate.isObject(json) && Array.isArray(json.errors) ? json.errors : []
  return typeof errors[0] === "string" ? errors[0].replace(/\s+/g, " ").trim().slice(0, 900) : undefined
}

describe("recorded refusals", () => {
  it("are many", () => assert.isAbove(refusals.length, 100))
  for (const recording of refusals) {
    it.effect(`${recording.name} has the right reason, and the server's words`, () =>
      Effect.gen(function* () {
        const carto = yield* CartoClient
        const error = yield* Effect.flip(carto.text("Test", HttpClientRequest.get("/api/v1/map/x")))
        assert.strictEqual(error.reason._tag, expectedReason(recording))
        assert.strictEqual(error.status, recording.status)
        const words = wordsOf(recording)
        if (words === undefined) assert.isNotEmpty(error.reason.message)
        else assert.include(error.reason.message, words)
        assert.isNotEmpty(error.advice)
      }).pipe(Effect.provide(answering(recording)))
    )
  }

  it.effect("of a forgotten map are told apart from all others", () =>
    Effect.gen(function* () {
      const expired = yield* Effect.filter(refusals, (recording) =>
        Effect.flatMap(CartoClient, (carto) => carto.text("Test", HttpClientRequest.get("/api/v1/map/x"))).pipe(
          Effect.flip,
          Effect.map(({ reason }) => reason._tag === "MapError" && reason.isExpired),
          Effect.provide(answering(recording))
        )
      )
      assert.deepStrictEqual(
        expired.map(({ name }) => name),
        [
          "anon-148-expiry-tile-after-other-format",
          "anon-149-expiry-attributes",
          "anon-150-expiry-dataview",
          "more-051-named-expired-tile",
          "named-102-named-direct-nolayer"
        ]
      )
    })
  )
})

/** By method and path, which schema reads an answer. */
const readers: ReadonlyArray<readonly [RegExp, Schema.ConstraintDecoder<unknown>]> = [
  [/^POST \/api\/v1\/map\/named\/?(\?|$)/, Schema.Struct({ template_id: Schema.String })],
  [/^PUT /, Schema.Struct({ template_id: Schema.String })],
  [/^POST /, LayergroupAnswer],
  [/^GET (\/user\/\w+)?\/api\/v1\/map\/?(\?|$)/, LayergroupAnswer],
  [/^GET \/api\/v1\/map\/named\/?(\?|$)/, Schema.Struct({ template_ids: Schema.Array(Schema.String) })],
  [/^GET \/api\/v1\/map\/named\/[^/]+\/?(\?|$)/, Schema.Struct({ template: StoredTemplate })],
  [/^GET .*\/analyses\/catalog/, Schema.Struct({ catalog: Schema.Array(AnalysisEntry) })],
  [/^GET .*\/analysis\/node\//, AnalysisStatus],
  [/^GET .*\/dataview\/f_count\/search/, Schema.Struct({ operation: Schema.String })],
  [/^GET .*\/(dataview|widget)\/[^/]+\/search/, SearchResult],
  [/^GET .*\/(dataview|widget)\//, DataviewResult],
  [/^GET .*\/attributes\//, Schema.Record(Schema.String, Schema.Json)],
  [/^GET .*\/cluster\//, Schema.Struct({ rows: Schema.Array(Schema.Record(Schema.String, Schema.Json)) })],
  [/^GET .*\.grid\.json/, UtfGrid],
  [/^GET .*\.(torque\.json|json\.torque)/, Schema.Array(TorquePixel)]
]

/** The same with another value at the end of a path, each step of which picks one of the members. */
const changed = (json: unknown, [step, ...steps]: ReadonlyArray<number>, value: unknown): unknown => {
  const members = Predicate.isObject(json) ? Object.entries(json) : []
  const [name] = members[Math.abs(step ?? 0) % members.length] ?? []
  if (step === undefined || name === undefined) return value
  const entries = members.map(([key, inner]) => [key, key === name ? changed(inner, steps, value) : inner] as const)
  return Array.isArray(json) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries)
}

const answers = recordings.filter(
  ({ headers, status }) => status === 200 && (headers["content-type"] ?? "").startsWith("application/json")
)

describe("recorded answers", () => {
  it("are many", () => assert.isAbove(answers.length, 80))
  for (const recording of answers) {
    const { method, name, path } = recording
    it.effect(`${name} is read whole`, () =>
      Effect.gen(function* () {
        const reader = readers.find(([route]) => route.test(`${method} ${path}`))?.[1]
        if (reader === undefined) return assert.fail(`nothing reads ${method} ${path}`)
        const carto = yield* CartoClient
        yield* carto.json("Test", reader, HttpClientRequest.get("/api/v1/map/x"))
      }).pipe(Effect.provide(answering(recording)))
    )
  }

  it("lose the keys that the server repeats in addresses", () => {
    const told = recordings.filter(({ body, status }) => status === 200 && String(body).includes("?api_key="))
    assert.isAbove(told.length, 3)
    for (const { body } of told) {
      const answer = Schema.decodeUnknownSync(LayergroupAnswer)(JSON.parse(String(body)))
      assert.notInclude(JSON.stringify(answer), "master-ana")
      assert.notInclude(JSON.stringify(answer), "api_key")
    }
  })

  it.effect.prop(
    "are read, or refused as a ProtocolError, whatever is changed in them",
    { which: Schema.Int, steps: Schema.Array(Schema.Int), value: Schema.Json },
    Effect.fnUntraced(function* ({ steps, value, which }) {
      const recording = answers[Math.abs(which) % answers.length]
      if (recording === undefined) return
      const reader = readers.find(([route]) => route.test(`${recording.method} ${recording.path}`))?.[1] ?? Schema.Json
      const body = JSON.stringify(changed(JSON.parse(String(recording.body)), steps, value))
      const exit = yield* Effect.exit(
        Effect.flatMap(CartoClient, (carto) => carto.json("Test", reader, HttpClientRequest.get("/api/v1/map/x"))).pipe(
          Effect.provide(answering({ ...recording, body }))
        )
      )
      if (Exit.isSuccess(exit)) return
      const [reason] = exit.cause.reasons
      assert.isTrue(reason?._tag === "Fail" && reason.error.reason._tag === "ProtocolError", String(exit.cause))
      assert.notInclude(String(exit.cause), "master-ana")
    })
  )

  it("keep the numbers that JSON has no form for", () => {
    const { body } = recorded("anon-168-dv-f_sum_float")
    const result = Schema.decodeUnknownSync(DataviewResult)(JSON.parse(String(body)))
    assert.strictEqual(result.type === "formula" && result.nans, 1)
    const mutated = Schema.decodeUnknownSync(DataviewResult)({ ...JSON.parse(String(body)), result: "-Infinity" })
    assert.strictEqual(mutated.type === "formula" && mutated.result, Number.NEGATIVE_INFINITY)
  })
})
