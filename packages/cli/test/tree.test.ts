/** What holds for every command, whatever it does. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import type { HelpDoc } from "effect/cli"
import { helpOf, paths } from "../../../scripts/docs/commands.ts"
import { type CallOptions, carto, home } from "./harness.ts"

const shared = [
  ["--profile", "nobody"],
  ["--timeout", "5s"],
  ["--retries", "0"],
  ["--quiet"],
  ["--verbose"],
  ["--dry-run"],
  ["--json", "*"],
  ["--jq", "."]
] as const

/** A call with all flags of every command, where it has none of its own. */
const withShared = (words: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...words,
  ...shared.flatMap((flag) => (words.includes(flag[0]) ? [] : flag))
]

/** Serves until it is interrupted. */
const endless = new Set(["emulator start"])

/** The calls of `carto` in a line of shell. */
const calls = (line: string): ReadonlyArray<ReadonlyArray<string>> => {
  const all: Array<Array<string>> = [[]]
  for (const [token, operator, double, single, bare] of line.matchAll(
    /(\|\||&&|[|;<>]|\d?>)|"((?:[^"\\]|\\.)*)"|'([^']*)'|((?:[^\s"'|;<>&\\]|\\.)+)/g
  )) {
    if (operator !== undefined) all.push(operator === "<" || operator === ">" ? ["a file:"] : [])
    else all.at(-1)?.push(double?.replace(/\\(.)/g, "$1") ?? single ?? bare ?? token)
  }
  return all.flatMap((words) => {
    const start = words.findIndex((word) => word === "carto" || word.endsWith("$(carto"))
    return start < 0 ? [] : [words.slice(start + 1).map((word) => word.replace(/\)$/, ""))]
  })
}

const all = Effect.forEach(paths().slice(1), (path) =>
  Effect.map(helpOf(path), (doc) => ({ name: path.join(" "), path, doc }))
)

const isLeaf = (doc: HelpDoc.HelpDoc): boolean => (doc.subcommands ?? []).length === 0

describe("every command", () => {
  it.effect("says what it does, and each of its flags and arguments", () =>
    Effect.gen(function* () {
      const silent = (yield* all).flatMap(({ doc, name }) => [
        ...(doc.description === "" ? [name] : []),
        ...doc.flags.flatMap((flag) =>
          Option.getOrElse(flag.description, () => "") === "" ? [`${name} --${flag.name}`] : []
        ),
        ...(doc.args ?? []).flatMap((arg) =>
          Option.getOrElse(arg.description, () => "") === "" ? [`${name} ${arg.name}`] : []
        )
      ])
      assert.deepStrictEqual(silent, [])
    })
  )

  it.effect("has an example of itself", () =>
    Effect.gen(function* () {
      const without = (yield* all).flatMap(({ doc, name, path }) =>
        isLeaf(doc) &&
        !(doc.examples ?? []).some(({ command }) =>
          calls(command).some((words) => path.every((word, i) => words[i] === word))
        )
          ? [name]
          : []
      )
      assert.deepStrictEqual(without, [])
    })
  )

  it.effect("understands its examples together with the flags of every command", () =>
    Effect.gen(function* () {
      const folder = yield* home
      const wrong: Array<string> = []
      for (const { doc, name } of yield* all) {
        for (const { command } of isLeaf(doc) && !endless.has(name) ? (doc.examples ?? []) : []) {
          for (const words of calls(command)) {
            const { code, stderr } = yield* carto(withShared(words), { env: { HOME: folder } })
            // Whatever else: nobody is no profile, and files of examples are not there.
            if (
              /^error: .*(unrecognized|unknown (flag|subcommand)|invalid (value|argument)|missing required|expected)/im.test(
                stderr
              ) ||
              ![0, 1, 2, 4].includes(code)
            ) {
              wrong.push(`${command}: ${stderr}`)
            }
          }
        }
      }
      assert.deepStrictEqual(wrong, [])
    })
  )

  it.effect("colours its help on a terminal only, and nowhere with NO_COLOR", () =>
    Effect.gen(function* () {
      const isColoured = (text: string) => text.includes("\x1b[")
      const wrong: Array<string> = []
      for (const path of paths()) {
        const help = (options: CallOptions) => Effect.map(carto([...path, "--help"], options), ({ stdout }) => stdout)
        const [terminal, pipe, plain] = [
          yield* help({ terminal: 80 }),
          yield* help({}),
          yield* help({ terminal: 80, env: { NO_COLOR: "1" } })
        ]
        if (!isColoured(terminal) || isColoured(pipe) || isColoured(plain)) wrong.push(path.join(" "))
      }
      assert.deepStrictEqual(wrong, [])
    })
  )

  it.effect("fits its help into a narrow terminal, and leaves the lines of a pipe whole", () =>
    Effect.gen(function* () {
      const columns = 40
      const wide: Array<string> = []
      for (const { doc, name, path } of [...(yield* all), { name: "carto", path: [], doc: yield* helpOf([]) }]) {
        const help = (options: CallOptions) => carto([...path, "--help"], { env: { NO_COLOR: "1" }, ...options })
        const [terminal, pipe] = [yield* help({ terminal: columns }), yield* help({})]
        const whole = new Set((doc.examples ?? []).map(({ command }) => command))
        for (const line of terminal.stdout.split("\n")) {
          // Calls are there to be copied, and long words and names of flags cannot be broken.
          const words = line.trim().split(" ")
          const isUnbroken = words.length === 1 || (words.length === 2 && line.startsWith("  --"))
          if (line.length > columns && !whole.has(line.trim()) && !isUnbroken) wide.push(`${name}: ${line}`)
        }
        const said = [...doc.flags, ...(doc.args ?? [])].flatMap(({ description }) => Option.toArray(description))
        for (const text of said) {
          if (!pipe.stdout.includes(text)) wide.push(`${name} in a pipe: ${text}`)
          const words = (text: string) => text.replace(/\s+/g, " ")
          if (!words(terminal.stdout).includes(words(text))) wide.push(`${name} lacks: ${text}`)
        }
      }
      assert.deepStrictEqual(wide, [])
    })
  )

  it.effect("is as wide as COLUMNS says, on a terminal only", () =>
    Effect.gen(function* () {
      const widest = (text: string) => Math.max(...text.split("\n").map((line) => line.length))
      const help = (options: CallOptions, columns: string) =>
        Effect.map(carto(["doctor", "--help"], { ...options, env: { NO_COLOR: "1", COLUMNS: columns } }), (run) =>
          widest(run.stdout)
        )
      assert.isAtMost(yield* help({ terminal: 200 }, "70"), 70)
      assert.isAbove(yield* help({}, "70"), 100)
      assert.isAbove(yield* help({ terminal: 200 }, "wide"), 100)
    })
  )

  it.effect("asks before it deletes what cannot be made again, unless nothing would change", () =>
    Effect.gen(function* () {
      const env = { HOME: yield* home, CARTO_API_URL: "http://127.0.0.1:1/user/alice", CARTO_API_KEY: "k" }
      const asking: Array<string> = []
      for (const { name, path } of (yield* all).filter(({ path }) => path.at(-1) === "delete")) {
        const call = (...more: ReadonlyArray<string>) => carto([...path, "nothing", "--retries", "0", ...more], { env })
        const { code, stderr } = yield* call()
        if (code === 2) {
          asking.push(name)
          assert.match(stderr, /^error: This deletes .*nothing.*\.\nhint: Say that you mean it with --yes\.\n$/)
        }
        for (const more of code === 2 ? ["--yes", "--dry-run"] : ["--dry-run"]) {
          assert.include([0, 1], (yield* call(more)).code, `${name} ${more}`)
        }
      }
      // What refreshes a dataset, and a template, are made again by what made them.
      assert.deepStrictEqual(asking.sort(), [
        "api-key delete",
        "dataset delete",
        "kuviz delete",
        "user delete",
        "visualization delete"
      ])
    })
  )

  it.effect("refuses a flag that does not exist, and suggests the one that was meant", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* carto(["sql", "query", "select 1", "--formt", "csv"])
      assert.strictEqual(code, 2)
      assert.include(stderr, "Did you mean --format?")
      const command = yield* carto(["sql", "qurey", "select 1"])
      assert.strictEqual(command.code, 2)
      assert.include(command.stderr, "Did you mean query?")
    })
  )
})
