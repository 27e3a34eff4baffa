/** How wide what goes to standard output may be. */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stdio from "effect/Stdio"
import * as Terminal from "effect/Terminal"

/** Who sets `COLUMNS` for one call wants that many; an empty or a wrong one counts as none. */
const wanted = Effect.orElseSucceed(Config.option(Config.Int("COLUMNS")), () => Option.none<number>())

/** The columns of the terminal; undefined where there is none, so that files and pipes hold whole lines. */
export const terminalWidth: Effect.Effect<number | undefined, never, Stdio.Stdio | Terminal.Terminal> = Effect.gen(
  function* () {
    const stdio = yield* Stdio.Stdio
    if (!(yield* stdio.stdoutIsTerminal)) return undefined
    const given = Option.getOrElse(yield* wanted, () => 0)
    const columns = given > 0 ? given : yield* Effect.flatMap(Terminal.Terminal, (terminal) => terminal.columns)
    return columns > 0 ? columns : undefined
  }
)
