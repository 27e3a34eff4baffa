/** The work of `carto sql query`. */
import { type QueryResult, type Row, Sql } from "@effect-carto/core/Sql"
import * as SqlText from "@effect-carto/core/SqlText"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { usage } from "../../CommandError.ts"
import * as Quantity from "../../format/Quantity.ts"
import { type Format, formats, isBinary, isRowFormat, type RowFormat } from "../../format/rowFormats.ts"
import * as Input from "../../Input.ts"
import * as Output from "../../Output.ts"
import { promisedFormat } from "../../promisedFormat.ts"
import * as Records from "../../Records.ts"
import * as Rows from "../../Rows.ts"
import { withSession } from "../../session.ts"

export interface QueryInput {
  readonly sql: Option.Option<string>
  readonly format: Option.Option<Format>
  readonly output: Option.Option<string>
}

export const run = Effect.fnUntraced(function* (input: QueryInput) {
  const destination = Option.getOrElse(input.output, () => "-")
  const format = yield* chooseFormat(input.format, destination)
  const text = yield* Input.statement(input.sql)
  yield* withSession(
    Sql.layer(),
    isRowFormat(format) ? printRows(text, format, destination) : exportFile(text, format, destination)
  )
})

/** What was asked for, what the name of the file says, or what suits standard output. */
const chooseFormat = Effect.fnUntraced(function* (asked: Option.Option<Format>, destination: string) {
  const isTerminal = destination === "-" && (yield* Effect.flatMap(Stdio.Stdio, (stdio) => stdio.stdoutIsTerminal))
  const promised = Option.isSome(asked) ? asked.value : yield* promisedFormat(destination, formats)
  const format = promised ?? (isTerminal ? "table" : "json")
  return isTerminal && isBinary(format)
    ? yield* usage(`${format} is not text and would garble the terminal.`, "Write it to a file with --output FILE.")
    : format
})

const exportFile = Effect.fnUntraced(function* (text: string, format: Exclude<Format, RowFormat>, destination: string) {
  const sql = yield* Sql
  const written = yield* Output.write(destination, sql.export(format)(sql.unsafe(text)))
  if (destination !== "-") yield* Output.note(`wrote ${destination} (${Output.summary(written)})`)
})

/** A query streams, whatever its size; anything else is run once and told of in one line. */
const printRows = Effect.fnUntraced(function* (text: string, format: RowFormat, destination: string) {
  const query = queryOf(text)
  if (yield* Records.isJson) {
    if (destination === "-") return yield* select(text, query, format)
    return yield* usage("--json and --jq print on standard output.", "Leave --output away, and redirect it.")
  }
  const printed = yield* query === undefined
    ? printAnswer(text, format, destination)
    : stream(query, format, destination)
  if (destination !== "-") {
    yield* Output.note(`wrote ${Quantity.rows(printed.rows)} to ${destination} (${Output.summary(printed)})`)
  } else if (format === "table" && SqlText.isReadOnly(text)) {
    yield* Output.note(`${Quantity.rows(printed.rows)} (${Quantity.duration(printed.time)})`)
  }
})

/** The columns that `--json` names. They are known before a query streams, and with the answer to everything else. */
const select = Effect.fnUntraced(function* (text: string, query: string | undefined, format: RowFormat) {
  const sql = yield* Sql
  if (query !== undefined) {
    const shape = Records.shape(yield* columnsOf(query))
    return yield* Records.list(shape, sql.stream()(sql.unsafe(query)), Option.some(format))
  }
  const { fields, rows } = yield* sql.query()(sql.unsafe(text))
  yield* Records.list(Records.shape(Object.keys(fields)), Stream.fromIterable(rows), Option.some(format))
})

const columnsOf = (query: string) =>
  Effect.flatMap(Sql, (sql) =>
    Effect.map(
      sql.query({ exact: false })(sql.unsafe(`select * from (${query}\n) as "_carto" limit 0`)),
      ({ fields }) => Object.keys(fields)
    )
  )

const stream = Effect.fnUntraced(function* (query: string, format: RowFormat, destination: string) {
  const sql = yield* Sql
  return yield* Rows.write(
    destination,
    yield* Rows.renderer(format, destination),
    sql.stream()(sql.unsafe(query)),
    columnsOf(query)
  )
})

const printAnswer = Effect.fnUntraced(function* (text: string, format: RowFormat, destination: string) {
  const sql = yield* Sql
  const result = yield* sql.query()(sql.unsafe(text))
  const rows = Stream.fromIterable(format === "json" || format === "ndjson" ? result.rows : alike(result.rows))
  const columns = Effect.succeed(Object.keys(result.fields))
  const printed = yield* Rows.write(destination, yield* Rows.renderer(format, destination), rows, columns)
  for (const warning of result.warnings) yield* Output.note(`warning: ${warning}`)
  for (const notice of result.notices) yield* Output.note(`notice: ${notice}`)
  if (!SqlText.isReadOnly(text)) yield* Output.note(outcome(result, keywordOf(text)))
  return printed
})

/** Several statements may answer with different columns; in a table each row has all of them. */
const alike = (rows: ReadonlyArray<Row>): ReadonlyArray<Row> => {
  const none = Object.fromEntries(rows.flatMap((row) => Object.keys(row)).map((name) => [name, null]))
  return rows.map((row) => ({ ...none, ...row }))
}

/** The single query that a text is, as `Sql.stream` takes it. */
const queryOf = (text: string): string | undefined => {
  const [only, ...others] = Result.getOrElse(SqlText.statements(text), () => [])
  return only?.isReadOnly && queries.has(only.keyword) && others.length === 0 ? only.text : undefined
}

const queries = new Set(["SELECT", "WITH", "VALUES", "TABLE"])
const counting = new Set([...queries, "INSERT", "UPDATE", "DELETE", "MERGE", "COPY"])

const keywordOf = (text: string): string =>
  Result.getOrElse(SqlText.statements(text), () => []).at(-1)?.keyword ?? "SQL"

const outcome = ({ time, totalRows }: QueryResult<Row>, keyword: string): string =>
  `${keyword} ${counting.has(keyword) ? Quantity.rows(totalRows) : "done"} (${Quantity.duration(time)})`
