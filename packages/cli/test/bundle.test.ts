import { assert, it } from "@effect/vitest"
import { rolldown } from "rolldown"
import { escaped } from "../scripts/ascii.ts"
import { options, pieces } from "../scripts/bundle.ts"
import { parenthesized, place } from "../scripts/eager.ts"
import { licenses } from "../scripts/licenses.ts"

const lazy =
  /undici|jq-wasm|keyring|packages.(emulator|node).|maplibre|cli.src.commands|effect.dist.(http.HttpClient|sql|persistence)|core.src.(Carto|CartoClient|Sql|Datasets)\.ts$/

it("the piece for every start holds the list of commands, and nothing that only one of them needs", async () => {
  const modules = [...((await pieces()).get("start") ?? [])]
  assert.isAbove(modules.filter((module) => /src.groups\.ts$/.test(module)).length, 0)
  assert.deepStrictEqual(
    modules.filter((module) => lazy.test(module)),
    []
  )
}, 60_000)

it("a request asks for no part of Node that it does not use", async () => {
  const { output } = await (await rolldown(options)).generate({ format: "esm" })
  const chunks = output.filter((file) => file.type === "chunk")
  const reached = new Set(
    chunks.filter(({ moduleIds }) => moduleIds.some((id) => /src.(bin|main|accounts|session|Records)\.ts$/.test(id)))
  )
  for (const { imports } of reached) {
    for (const chunk of chunks) if (imports.includes(chunk.fileName)) reached.add(chunk)
  }
  const builtins = new Set([...reached].flatMap(({ imports }) => imports).filter((from) => from.startsWith("node:")))
  assert.deepStrictEqual([...builtins].sort(), [
    "node:module",
    "node:os",
    "node:path",
    "node:stream",
    "node:string_decoder",
    "node:url"
  ])
}, 60_000)

it("functions that ran get parentheses, and methods and what never ran none", () => {
  const code = "const a = (x) => (y) => x + y, b = { m() {}, get g() { return 1 }, f: function () {} }, c = () => 0"
  const functions = ["(x) => (y) => x + y", "(y) => x + y", "() {}", "() { return 1 }", "function () {}"]
  const ran = new Set(functions.map((text) => place(code.indexOf(text), code.indexOf(text) + text.length)))
  assert.strictEqual(
    parenthesized(code, ran),
    "const a = ((x) => ((y) => x + y)), b = { m() {}, get g() { return 1 }, f: (function () {}) }, c = () => 0"
  )
})

it("declarations that ran become variables before all else, with their own functions in parentheses", () => {
  const code = "const one = two();function two(){return (() => 1)()}function three(){return 3}async function*four(){}"
  const ran = new Set(
    ["function two(){return (() => 1)()}", "() => 1", "async function*four(){}"].map((text) =>
      place(code.indexOf(text), code.indexOf(text) + text.length)
    )
  )
  assert.strictEqual(
    parenthesized(code, ran),
    "var two=(function (){return ((() => 1))()});var four=(async function*(){});const one = two();function three(){return 3}"
  )
})

it("characters beyond ASCII are escaped, and mean the same", () => {
  const code = "[`é█😀`, /^[█😀]$/u.test('😀'), /É/iu.test('é')]"
  assert.match(escaped(code), /^\p{ASCII}+$/u)
  assert.deepStrictEqual(new Function(`return ${escaped(code)}`)(), ["é█😀", true, true])
})

it("the licenses of others' packages go with their code, once each", async () => {
  const modules = [...(await pieces()).values()].flatMap((piece) => [...piece])
  const text = await licenses(modules)
  assert.deepStrictEqual(
    text.match(/^\S+ [\d.]+ \(MIT\)$/gm)?.map((line) => line.split(" ")[0]),
    ["@effect/platform-node", "@effect/platform-node-shared", "effect"]
  )
  assert.include(text, "Permission is hereby granted")
}, 60_000)
