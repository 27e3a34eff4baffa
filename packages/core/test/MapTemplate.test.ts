import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Schema } from "effect"
import * as MapConfig from "../src/MapConfig.ts"
import * as MapLayer from "../src/MapLayer.ts"
import * as MapTemplate from "../src/MapTemplate.ts"
import { StoredTemplate } from "../src/StoredTemplate.ts"
import { recorded, recordings } from "./recordings.ts"

const config = MapConfig.make([
  MapLayer.mapnik(`select * from cities where "<%= column %>" > <%= minimum %> and kind = '<%= kind %>'`, {
    cartocss: "#layer { marker-fill: <%= color %>; }"
  })
])
const placeholders = {
  column: MapTemplate.sqlIdent("population"),
  minimum: MapTemplate.number(0),
  kind: MapTemplate.sqlLiteral("city"),
  color: MapTemplate.cssColor("#f00")
}
const encode = Schema.encodeSync(MapTemplate.MapTemplate)
const plain = { version: "0.0.1", name: "cities", layergroup: { layers: [{ options: { sql: "select 1" } }] } }

describe("MapTemplate.make", () => {
  it("writes placeholders of each type, and shows no token", () => {
    const template = MapTemplate.make("cities", config, {
      auth: MapTemplate.tokens(Redacted.make("t0ken-1"), Redacted.make("t0ken-2")),
      placeholders,
      view: MapTemplate.bounds([-10, 36, 4, 44])
    })
    assert.notInclude(JSON.stringify(template), "t0ken")
    assert.deepStrictEqual(encode(template), {
      version: "0.0.1",
      name: "cities",
      auth: { method: "token", valid_tokens: ["t0ken-1", "t0ken-2"] },
      placeholders: {
        column: { type: "sql_ident", default: "population" },
        minimum: { type: "number", default: 0 },
        kind: { type: "sql_literal", default: "city" },
        color: { type: "css_color", default: "#f00" }
      },
      layergroup: Schema.encodeSync(MapConfig.MapConfig)(config),
      view: { bounds: { west: -10, south: 36, east: 4, north: 44 } }
    })
  })

  it("is open to everybody unless told otherwise", () => {
    const { auth } = MapTemplate.make("a", MapConfig.make([MapLayer.plain({ color: "red" })]))
    assert.deepStrictEqual(auth, { method: "open" })
  })
})

describe("MapTemplate.fromJson", () => {
  const read = MapTemplate.fromJson

  it.effect("reads what the server took, and writes it as it was", () =>
    Effect.gen(function* () {
      const taken = recordings.filter(
        ({ method, name, path, status }) =>
          method === "POST" &&
          status === 200 &&
          /^\/api\/v1\/map\/named\/?(\?|$)/.test(path) &&
          // The server checks neither the types of placeholders nor what `view` is.
          !/033|s_emptyview|s_partialbounds/.test(name)
      )
      assert.isAbove(taken.length, 5)
      for (const { name, sent } of taken) {
        const json: unknown = JSON.parse(sent)
        const exit = yield* Effect.exit(read(json))
        if (exit._tag === "Failure") assert.fail(`${name}: ${exit.cause}`)
        else assert.deepStrictEqual(encode(exit.value), json)
      }
    })
  )

  const wrong: ReadonlyArray<readonly [name: string, json: unknown, words: RegExp]> = [
    ["a name with a dot", { ...plain, name: "a.b" }, /a name of letters, digits, - and _/],
    ["a name that begins with _", { ...plain, name: "_a" }, /a name of .* at name$/],
    ["an empty name", { ...plain, name: "" }, /a name of .* at name$/],
    ["another version", { ...plain, version: "0.0.2" }, /0\.0\.1/],
    ["no layers", { ...plain, layergroup: { layers: [] } }, /a template with layers/],
    ["no map", { version: "0.0.1", name: "a" }, /Missing key at layergroup$/],
    ["an unknown way of authentication", { ...plain, auth: { method: "magic" } }, /"open".*"token".* at auth$/],
    [
      "tokens that are none",
      { ...plain, auth: { method: "token", valid_tokens: [] } },
      /Missing key at auth\.valid_tokens\[0\]$/
    ],
    ["an empty token", { ...plain, auth: { method: "token", valid_tokens: [""] } }, /valid_tokens\[0\]/],
    [
      "a token that is no text, without showing the others",
      { ...plain, auth: { method: "token", valid_tokens: ["s3cret", 1] } },
      /valid_tokens\[1\]/
    ],
    [
      "a placeholder's name with a dash",
      { ...plain, placeholders: { "a-b": placeholders.minimum } },
      /names of letters/
    ],
    [
      "a placeholder's name that begins with _",
      { ...plain, placeholders: { _a: placeholders.minimum } },
      /names of letters/
    ],
    [
      "a placeholder without a default",
      { ...plain, placeholders: { a: { type: "number" } } },
      /: Missing key at placeholders\.a\.default$/
    ],
    [
      "a placeholder without a type",
      { ...plain, placeholders: { a: { default: 1 } } },
      /Missing key at placeholders\.a\.type/
    ],
    [
      "a placeholder of an unknown type",
      { ...plain, placeholders: { a: { type: "wat", default: 1 } } },
      /at placeholders\.a/
    ],
    [
      "a number with decimals as text",
      { ...plain, placeholders: { a: { type: "number", default: "12.5" } } },
      /no decimals/
    ],
    ["a color of rgb()", { ...plain, placeholders: { a: { type: "css_color", default: "rgb(1,2,3)" } } }, /a color/],
    [
      "null for text",
      { ...plain, placeholders: { a: { type: "sql_literal", default: null } } },
      /: Expected string at placeholders\.a\.default$/
    ],
    [
      "a placeholder that nobody declared",
      { ...plain, layergroup: { layers: [{ options: { sql: "select <%= a %>, <%=b%>" } }] } },
      /must be declared: a, b/
    ],
    ["an API key", { ...plain, api_key: "s3cret" }, /without API key/],
    ["an API key inside", { ...plain, layergroup: { ...plain.layergroup, api_key: "s3cret" } }, /no API key/]
  ]
  for (const [name, json, words] of wrong) {
    it.effect(`refuses ${name}`, () =>
      Effect.map(Effect.flip(read(json)), ({ reason }) => {
        assert.strictEqual(reason._tag, "ValidationError")
        assert.match(reason.message, words)
        assert.notInclude(reason.message, "s3cret")
      })
    )
  }

  const numbers = ["15", ".5", "1e3", "-2", "+7", 12.5, 0]
  for (const value of numbers) {
    it.effect(`takes ${JSON.stringify(value)} for a number`, () =>
      read({ ...plain, placeholders: { a: { type: "number", default: value } } })
    )
  }
})

describe("a stored template", () => {
  it("keeps all members but its tokens can be shown", () => {
    const { template } = JSON.parse(String(recorded("named-015-named-get-python-style").body))
    const stored = Schema.decodeUnknownSync(StoredTemplate)(template)
    assert.notInclude(JSON.stringify(stored), "tok1")
    assert.deepStrictEqual(Schema.encodeSync(StoredTemplate)(stored), template)
  })
})
