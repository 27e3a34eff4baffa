import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { carto as tree } from "../src/carto.ts"
import { description } from "../src/exitCode.ts"
import { version } from "../src/version.ts"
import { carto } from "./harness.ts"

const root = await Effect.runPromise(tree)

/** Every command that does something, by its words. */
const leaves = (
  command: typeof root | (typeof root.subcommands)[number]["commands"][number],
  path: ReadonlyArray<string> = []
): ReadonlyArray<ReadonlyArray<string>> => {
  const children = command.subcommands.flatMap((group) => group.commands)
  return children.length === 0 ? [path] : children.flatMap((child) => leaves(child, [...path, child.name]))
}

describe("carto", () => {
  it.effect("--version prints the version of package.json", () =>
    Effect.gen(function* () {
      const json = JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8"))
      assert.strictEqual(version, json.version)
      assert.strictEqual((yield* carto(["--version"])).stdout, `carto ${version}\n`)
    })
  )

  it.effect("--help lists the exit codes and ends with 0", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* carto(["--help"])
      assert.deepStrictEqual([code, stderr], [0, ""])
      for (const [code, meaning] of description) assert.match(stdout, new RegExp(`^ +${code} +${meaning}$`, "m"))
    })
  )

  it.effect("--help says of a command the same, whether it is loaded or not", () =>
    Effect.gen(function* () {
      const { stdout } = yield* carto(["--help"])
      const names = root.subcommands.flatMap(({ commands }) => commands.map(({ name }) => name))
      assert.isAbove(names.length, 10)
      for (const name of names) assert.strictEqual((yield* carto(["--profile", name, "--help"])).stdout, stdout)
      assert.notInclude(stdout, "complete-names")
    })
  )

  it.effect("a slip in a subcommand is answered the same, whichever others are put together", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* carto(["dataset", "lst"])
      assert.strictEqual(code, 2)
      assert.include(stderr, "Did you mean list?")
      assert.strictEqual((yield* carto(["dataset", "lst", "--search", "get"])).stderr, stderr)
      assert.include((yield* carto(["sql", "job", "lst", "create"])).stderr, "Did you mean list?")
    })
  )

  it.effect("every command has help with an example of itself", () =>
    Effect.gen(function* () {
      const paths = leaves(root)
      assert.isAtLeast(paths.length, 10)
      for (const path of paths) {
        const { code, stdout } = yield* carto([...path, "--help"])
        assert.strictEqual(code, 0)
        assert.include(stdout, `carto ${path.join(" ")}`.replace("carto auth status", "auth status"))
        assert.include(stdout, "EXAMPLES")
      }
    })
  )

  it.effect("a wrong call is one error line and a hint on standard error", () =>
    Effect.gen(function* () {
      for (const args of [
        ["sqll"],
        ["sql", "copy", "from", "cities"],
        ["sql", "query", "select 1", "and more"],
        ["--timeout", "soon", "sql", "query", "select 1"],
        ["--timeout", "0s", "sql", "query", "select 1"],
        ["--retries", "-1", "sql", "query", "select 1"],
        ["sql", "query", "--format", "xml", "select 1"],
        ["sql", "copy", "to", "--delimiter", "||", "a", "-"]
      ]) {
        const { code, stderr, stdout } = yield* carto(args)
        assert.deepStrictEqual([code, stdout], [2, ""], args.join(" "))
        assert.match(stderr, /^error: .+\nhint: .+ --help for usage\.\n$/, args.join(" "))
      }
    })
  )

  it.effect("works without an account only where none is needed", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* carto(["sql", "query", "select 1"], { env: { HOME: "/nowhere" } })
      assert.strictEqual(code, 4)
      assert.strictEqual(
        stderr,
        "error: There is no account to work with.\nhint: Run carto auth login, or set CARTO_API_URL and CARTO_API_KEY.\n"
      )
    })
  )
})
