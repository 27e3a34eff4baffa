/** The rules that hold across the repository: who may import whom, what is public, what is never said. */
import { readdirSync, readFileSync, statSync } from "node:fs"
import { basename, join, relative, resolve } from "node:path"
import { assert, describe, it } from "@effect/vitest"

const root = resolve(import.meta.dirname, "..")

const filesUnder = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return ["node_modules", "dist", ".git"].includes(entry.name) ? [] : filesUnder(path)
    return [path]
  })

const sources = (packageName: string, folder: "src" | "test"): ReadonlyArray<string> => {
  const path = join(root, "packages", packageName, folder)
  return statSync(path, { throwIfNoEntry: false }) === undefined
    ? []
    : filesUnder(path).filter((file) => file.endsWith(".ts"))
}

/** Everything a file imports, statically, dynamically or by re-export. */
const importsOf = (file: string): ReadonlyArray<{ readonly from: string; readonly lazy: boolean }> => {
  const code = readFileSync(file, "utf8")
  const found = (pattern: RegExp, lazy: boolean) =>
    [...code.matchAll(pattern)].map((match) => ({ from: match[1] ?? "", lazy }))
  return [
    ...found(/^(?:import|export)\b[^"';]*?\bfrom\s+"([^"]+)"/gm, false),
    ...found(/^import\s+"([^"]+)"/gm, false),
    ...found(/\bimport\("([^"]+)"\)/g, true)
  ]
}

const scope = "@effect-carto/"
const isNodeModule = (from: string) => from.startsWith("node:")
const named =
  (...names: ReadonlyArray<string>) =>
  (from: string) =>
    names.some((name) => from === name || from.startsWith(`${name}/`))

interface Rule {
  readonly src: (from: string, lazy: boolean, file: string) => boolean
}

const arrows: Readonly<Record<string, Rule>> = {
  core: { src: named("effect") },
  node: {
    src: (from) => named("effect", "@effect/platform-node", `${scope}core`)(from) || isNodeModule(from)
  },
  cli: {
    src: (from, lazy, file) =>
      named("effect", "@effect/platform-node", `${scope}core`, `${scope}node`, "jq-wasm", "@napi-rs/keyring")(from) ||
      isNodeModule(from) ||
      // The body of that command is itself loaded only when it runs.
      (from === `${scope}emulator` && (lazy || file.endsWith(".run.ts")) && file.includes("commands/emulator"))
  },
  emulator: { src: (from) => !from.startsWith(scope) }
}

describe("imports", () => {
  for (const [name, rule] of Object.entries(arrows)) {
    it(`of ${name} follow the arrows`, () => {
      const files = sources(name, "src")
      assert.isNotEmpty(files)
      const broken = files.flatMap((file) =>
        importsOf(file)
          .filter(({ from, lazy }) => !from.startsWith(".") && !rule.src(from, lazy, file))
          .map(({ from }) => `${relative(root, file)} imports ${from}`)
      )
      assert.deepStrictEqual(broken, [])
    })
  }

  it("never name the whole of effect, which costs start-up time", () => {
    const broken = Object.keys(arrows).flatMap((name) =>
      sources(name, "src").filter((file) => importsOf(file).some(({ from }) => /^effect(\/[a-z-]+)?$/.test(from)))
    )
    assert.deepStrictEqual(
      broken.map((file) => relative(root, file)),
      []
    )
  })

  it("within core: no service imports another, except Datasets those that it stands on", () => {
    const files = sources("core", "src")
    const isService = (file: string) => /extends Context\.Service</.test(readFileSync(file, "utf8"))
    const foundations = ["Auth.ts", "CartoClient.ts"]
    const services = files.filter((file) => isService(file) && !foundations.includes(basename(file)))
    assert.isAbove(services.length, 8)
    const grounds = ["Imports.ts", "Sql.ts", "SqlCopy.ts", "SqlJobs.ts", "Synchronizations.ts"]
    const mayImport = (file: string, from: string) => basename(file) === "Datasets.ts" && grounds.includes(from)
    const broken = services.flatMap((file) =>
      importsOf(file)
        .map(({ from }) => basename(from))
        .filter((from) => services.some((service) => basename(service) === from) && !mayImport(file, from))
        .map((from) => `${basename(file)} imports ${from}`)
    )
    assert.deepStrictEqual(broken, [])
  })

  it("within the CLI: no command imports a command of another group", () => {
    const commands = join(root, "packages/cli/src/commands")
    const broken = filesUnder(commands).flatMap((file) => {
      const group = relative(commands, file).split("/")[0]?.replace(".ts", "")
      return importsOf(file)
        .filter(({ from }) => from.startsWith("."))
        .map(({ from }) => relative(commands, resolve(file, "..", from)))
        .filter((target) => !target.startsWith("..") && target.split("/")[0]?.replace(".ts", "") !== group)
        .map((target) => `${relative(commands, file)} imports ${target}`)
    })
    assert.deepStrictEqual(broken, [])
  })
})

describe("sources", () => {
  const all = Object.keys(arrows).flatMap((name) => sources(name, "src"))

  it("begin with a sentence that says what the file is for", () => {
    const silent = all.filter((file) => !/^(#!.*\n)?\/\*\*/.test(readFileSync(file, "utf8")))
    assert.deepStrictEqual(
      silent.map((file) => relative(root, file)),
      []
    )
  })

  it("stay below 300 lines", () => {
    const long = all.filter((file) => readFileSync(file, "utf8").split("\n").length > 310)
    assert.deepStrictEqual(
      long.map((file) => relative(root, file)),
      []
    )
  })
})

describe("the lock file", () => {
  it("names no registry", () => {
    assert.notInclude(readFileSync(join(root, "package-lock.json"), "utf8"), '"resolved": "http')
  })
})

describe("packages", () => {
  for (const name of Object.keys(arrows)) {
    it(`${name} hides its internals and ships only what it needs`, () => {
      const manifest: {
        readonly exports: Readonly<Record<string, unknown>>
        readonly files: ReadonlyArray<string>
        readonly sideEffects: unknown
        readonly type: string
        readonly license: string
      } = JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8"))
      if (name !== "cli") assert.isNull(manifest.exports["./internal/*"])
      assert.isTrue(manifest.files.some((pattern) => pattern.startsWith("dist")))
      assert.strictEqual(manifest.type, "module")
      assert.strictEqual(manifest.license, "BSD-3-Clause")
      if (name !== "cli") assert.isFalse(manifest.sideEffects)
    })
  }
})
