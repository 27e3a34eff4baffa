/** The work of `carto sql copy to`. */
import { Sql } from "@effect-carto/core/Sql"
import { SqlCopy } from "@effect-carto/core/SqlCopy"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { type CommandError, usage } from "../../../CommandError.ts"
import * as Quantity from "../../../format/Quantity.ts"
import * as Output from "../../../Output.ts"
import * as RowCounter from "../../../RowCounter.ts"
import { withSession } from "../../../session.ts"
import { type Layout, options } from "./flags.ts"

export interface ToInput extends Layout {
  readonly names: ReadonlyArray<string>
  readonly query: Option.Option<string>
  readonly columns: Option.Option<ReadonlyArray<string>>
}

interface Transfer {
  readonly table: string | undefined
  readonly query: string | undefined
  readonly file: string
}

export const run = Effect.fnUntraced(function* (input: ToInput) {
  const { file, query, table } = yield* transfer(input)
  const stdio = yield* Stdio.Stdio
  if (input.format === "binary" && file === "-" && (yield* stdio.stdoutIsTerminal)) {
    return yield* usage("binary is not text and would garble the terminal.", "Name a file instead of -.")
  }
  yield* withSession(
    Layer.mergeAll(Sql.layer(), SqlCopy.layer()),
    Effect.gen(function* () {
      const sql = yield* Sql
      const copy = yield* SqlCopy
      const countRows = RowCounter.make(input)
      let rows: number | undefined
      const bytes = copy
        .to(table ?? sql.unsafe(query ?? ""), { ...options(input), columns: Option.getOrUndefined(input.columns) })
        .pipe(
          Stream.map((chunk) => {
            rows = countRows(chunk)
            return chunk
          })
        )
      const written = yield* Output.write(file, bytes, () => rows)
      const what = rows === undefined ? "all rows" : Quantity.rows(rows)
      const source = table === undefined ? "the query" : table
      const target = file === "-" ? "standard output" : file
      yield* Output.note(`copied ${what} from ${source} to ${target} (${Output.summary(written)})`)
    })
  )
})

const transfer = ({ columns, names, query }: ToInput): Effect.Effect<Transfer, CommandError> => {
  const [first, second] = names
  if (Option.isNone(query)) {
    return first === undefined || second === undefined
      ? Effect.fail(usage("The file is missing.", "Give TABLE FILE, or --query SQL FILE; - is standard output."))
      : Effect.succeed({ table: first, query: undefined, file: second })
  }
  if (first === undefined || second !== undefined) {
    return Effect.fail(usage("With --query there is no table.", "Give --query SQL FILE; - is standard output."))
  }
  return Option.isSome(columns)
    ? Effect.fail(usage("--columns is for tables.", "Name the columns in the query."))
    : Effect.succeed({ table: undefined, query: query.value, file: first })
}
