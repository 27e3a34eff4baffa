/** What a command reads from its caller: statements and keys. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { type CommandError, failure, usage } from "./CommandError.ts"

/** All of standard input as text, without a byte order mark. */
export const text: Effect.Effect<string, CommandError, Stdio.Stdio> = Effect.flatMap(Stdio.Stdio, ({ stdin }) =>
  stdin.pipe(
    Stream.decodeText,
    Stream.mkString,
    Effect.mapError((error) => failure(`Cannot read standard input: ${error.message}`)),
    Effect.map((text) => text.replace(/^\ufeff/, ""))
  )
)

/** The SQL of a command: its argument, or standard input for `-` or none. */
export const statement = (argument: Option.Option<string>): Effect.Effect<string, CommandError, Stdio.Stdio> =>
  Effect.gen(function* () {
    const stdio = yield* Stdio.Stdio
    if (Option.isNone(argument) && (yield* stdio.stdinIsTerminal)) {
      return yield* usage(
        "There is no statement.",
        'Give it in quotes, as in carto sql query "select 1", or on standard input.'
      )
    }
    const sql = Option.isSome(argument) && argument.value !== "-" ? argument.value : yield* text
    return sql.trim() === "" ? yield* usage("The statement is empty.") : sql
  })
