import { spawnSync } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Emulator } from "@effect-carto/emulator"
import { Effect, Redacted } from "effect"
import { paths } from "../../../../../scripts/docs/commands.ts"
import { completed } from "../../../src/completedNames.ts"
import { type CallOptions, carto, emulator, home } from "../../harness.ts"

/** Calls in one home, on the emulator. */
const atHome = Effect.gen(function* () {
  const { masterKey, url } = yield* Emulator
  const folder = yield* home
  const env = {
    HOME: folder,
    XDG_CACHE_HOME: join(folder, "cache"),
    CARTO_API_URL: url,
    CARTO_API_KEY: Redacted.value(masterKey)
  }
  return {
    env,
    folder,
    run: (args: ReadonlyArray<string>, options: CallOptions = {}) =>
      carto(args, { ...options, env: { ...env, ...options.env } })
  }
})

const dataset = (name: string) => `create table ${name} (a int); select CDB_CartodbfyTable('${name}')`

describe("carto completion", () => {
  it("offers names for commands that exist", () => {
    const all = new Set(paths().map((path) => path.join(" ")))
    assert.deepStrictEqual(
      Object.values(completed)
        .flat()
        .filter((path) => !all.has(path)),
      []
    )
  })

  it.layer(
    emulator.layer,
    emulator.options
  )((it) => {
    it.effect("knows the names of datasets, for a minute from its cache", () =>
      Effect.gen(function* () {
        const { run } = yield* atHome
        yield* run(["sql", "query", dataset("completed_one")])
        assert.strictEqual((yield* run(["complete-names", "datasets"])).stdout, "completed_one\n")
        yield* run(["sql", "query", dataset("completed_two")])
        assert.strictEqual((yield* run(["complete-names", "datasets"])).stdout, "completed_one\n")
        const { env } = yield* atHome
        assert.strictEqual(
          (yield* carto(["complete-names", "datasets"], { env })).stdout,
          "completed_one\ncompleted_two\n"
        )
      })
    )

    it.effect("says nothing when there is nobody to ask", () =>
      Effect.gen(function* () {
        const { run } = yield* atHome
        const { code, stderr, stdout } = yield* run(["complete-names", "maps"], {
          env: { CARTO_API_URL: "http://127.0.0.1:1/user/nobody" }
        })
        assert.deepStrictEqual([code, stdout, stderr], [0, "", ""])
      })
    )

    it.effect("defines the completion of names in zsh before its script calls it", () =>
      Effect.gen(function* () {
        const { run } = yield* atHome
        const { stdout: script } = yield* run(["completion", "zsh"])
        const [definition, call] = ["functions[_carto_commands]=", "loadautofunc"].map((text) => script.indexOf(text))
        assert.isAbove(definition ?? -1, 0)
        assert.isAbove(call ?? -1, definition ?? -1)
      })
    )

    const zsh = spawnSync("zsh", ["-c", "zmodload zsh/zpty"]).status === 0
    it.effect.skipIf(!zsh)("completes names in zsh, from the first time on", () =>
      Effect.gen(function* () {
        const { folder, run } = yield* atHome
        const { stdout: script } = yield* run(["completion", "zsh"])
        writeFileSync(join(folder, "_carto"), script)
        const { stdout } = spawnSync("zsh", ["-f", "-c", typed, "zsh", folder], { timeout: 30_000 })
        assert.include(String(stdout), "carto dataset get names-of-datasets")
        assert.include(String(stdout), "names-of-jobs")
      })
    )

    it.effect("completes subcommands and names in bash", () =>
      Effect.gen(function* () {
        const { folder, run } = yield* atHome
        const { stdout: script } = yield* run(["completion", "bash"])
        writeFileSync(join(folder, "carto.bash"), script)
        const completions = (line: string) => {
          const words = line.split(" ")
          const { stdout } = spawnSync("bash", [
            "-c",
            `carto() { echo "names of $2"; echo other; }
            source "$1"
            COMP_LINE="$2"; COMP_POINT=\${#COMP_LINE}; COMP_WORDS=($2); COMP_CWORD=$3
            if [[ "$2" == *" " ]]; then COMP_WORDS+=(""); fi
            _carto_with_names carto "" ""
            printf '%s\\n' "\${COMPREPLY[@]}"`,
            "bash",
            join(folder, "carto.bash"),
            line,
            String(words.length - 1)
          ])
          return String(stdout).trim().split("\n")
        }
        assert.include(completions("carto sql "), "query")
        assert.deepStrictEqual(completions("carto sql copy from "), ["names of datasets", "other"])
        assert.deepStrictEqual(completions("carto sql copy from o"), ["other"])
        assert.deepStrictEqual(completions("carto sql job get n"), ["names of jobs"])
      })
    )
  })
})

/** A terminal of zsh, in which Tab is pressed. `zpty -r` waits for its pattern. */
const typed = `
zmodload zsh/zpty
zpty terminal zsh -f -i
say() { zpty -w -n terminal $1; zpty -r terminal seen $2; print -r -- $seen }
say $'PS1=; fpath=('$1$' $fpath); autoload -U compinit; compinit -u -D; carto() { print names-of-$2 }; bindkey "^I" complete-word; print rea""dy\n' '*ready*'
say $'carto dataset get n\t' '*names-of-datasets*'
say $'\x15carto sql job get n\t' '*names-of-jobs*'
zpty -d terminal
`
