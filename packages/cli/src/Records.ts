/** Records on standard output: as a table, as JSON with the members that were asked for, or through jq. */
import type { Row } from "@effect-carto/core/Sql"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { type CommandError, usage } from "./CommandError.ts"
import type { RowFormat } from "./format/rowFormats.ts"
import * as Table from "./format/Table.ts"
import { toJson } from "./format/Value.ts"
import { orDefault } from "./formatFlag.ts"
import * as Jq from "./Jq.ts"
import * as Output from "./Output.ts"
import * as Rows from "./Rows.ts"
import { Settings } from "./Settings.ts"
import { terminalWidth } from "./terminalWidth.ts"

/** What a command prints of each thing. Scripts rely on these names: they are added to, never changed. */
export interface Shape<Field extends string = string> {
  /** All members in their order: what `--json` may name. */
  readonly fields: ReadonlyArray<Field>
  /** Those that fit a table; default all. */
  readonly columns?: ReadonlyArray<Field> | undefined
}

export const shape = <const Field extends string>(
  fields: ReadonlyArray<Field>,
  columns?: ReadonlyArray<Field>
): Shape<Field> => ({ fields, columns })

/** A record of a shape; a member that is not there is printed as null. */
export type RecordOf<Field extends string> = Readonly<Partial<Record<Field, unknown>>>

/** Prints records as they come. Nothing is asked of the server when `--json` names a member that does not exist. */
export const list = Effect.fnUntraced(function* <Field extends string, E, R>(
  shape: Shape<Field>,
  records: Stream.Stream<RecordOf<Field>, E, R>,
  format: Option.Option<RowFormat> = Option.none()
) {
  const { jq } = yield* Settings
  const chosen = yield* choose(shape)
  if (Option.isSome(jq)) {
    const rows = yield* Stream.runCollect(Stream.map(records, pick(chosen ?? shape.fields)))
    yield* filtered(toJson(rows), jq.value)
    return
  }
  const form = chosen === undefined ? yield* orDefault(format) : jsonOr(format)
  const columns = chosen ?? (form === "table" ? (shape.columns ?? shape.fields) : shape.fields)
  const render = yield* Rows.renderer(form, "-")
  // People need no word for what is not there.
  const nothing = form === "table" ? "" : null
  yield* Rows.write("-", render, Stream.map(records, pick(columns, nothing)), Effect.succeed(columns))
})

/** Prints one record: a line for each member on a terminal, a JSON object elsewhere. */
export const one = Effect.fnUntraced(function* <Field extends string, E, R>(
  shape: Shape<Field>,
  record: Effect.Effect<RecordOf<Field>, E, R>
) {
  const { jq } = yield* Settings
  const chosen = yield* choose(shape)
  const row = pick(chosen ?? shape.fields)(yield* record)
  if (Option.isSome(jq)) yield* filtered(toJson(row), jq.value)
  else yield* Output.lines([chosen === undefined ? yield* readable(row) : toJson(row)])
})

const readable = Effect.fnUntraced(function* (row: Row) {
  const stdio = yield* Stdio.Stdio
  if (!(yield* stdio.stdoutIsTerminal)) return toJson(row)
  const width = yield* terminalWidth
  const { canColor } = yield* TerminalCapabilities.TerminalCapabilities
  return Table.record({ width, color: canColor })(row).trimEnd()
})

/**
 * Tells of a change in one line on standard error, `line` of what it made. With `--json` or `--jq` the record itself goes
 * to standard output.
 */
export const changed = Effect.fnUntraced(function* <Field extends string, A extends RecordOf<Field>, E, R>(
  shape: Shape<Field>,
  change: Effect.Effect<A, E, R>,
  line: (record: A) => string
) {
  yield* choose(shape)
  const record = yield* change
  yield* Output.note(line(record))
  if (yield* isJson) yield* one(shape, Effect.succeed(record))
})

const decodeJson = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.Json))

/** Prints JSON of the server: members of its object or of the objects in its list, or what jq makes of its text. */
export const json = Effect.fnUntraced(function* (text: string) {
  const settings = yield* Settings
  if (Option.isNone(settings.json) && Option.isSome(settings.jq)) return yield* filtered(text, settings.jq.value)
  const value = yield* Effect.mapError(decodeJson(text), () => usage("The answer is not JSON.", "Leave --json away."))
  const records = (Array.isArray(value) ? value : [value]).filter(Predicate.isObject)
  const found = new Set(records.flatMap(Object.keys))
  // An empty list does not tell which members its records would have, so that those that are named may be right.
  const named = Array.isArray(value) && records.length === 0 ? Option.getOrElse(settings.json, () => []) : []
  const own = shape([...found, ...named.filter((name) => name !== "*" && name !== "?")])
  const [only = {}] = records
  return yield* Array.isArray(value) ? list(own, Stream.fromIterable(records)) : one(own, Effect.succeed(only))
})

/** Whether the caller wants JSON, in place of what is made for people. */
export const isJson = Effect.map(Settings, ({ jq, json }) => Option.isSome(jq) || Option.isSome(json))

/** Prints lines for people; with `--json` or `--jq` the record that they tell of. */
export const told = Effect.fnUntraced(function* <Field extends string>(
  shape: Shape<Field>,
  lines: ReadonlyArray<string>,
  record: RecordOf<Field>
) {
  yield* (yield* isJson) ? one(shape, Effect.succeed(record)) : Output.lines(lines)
})

/** The members that `--json` names; undefined without it. `?` is answered with the names there are. */
const choose = <Field extends string>({
  fields
}: Shape<Field>): Effect.Effect<ReadonlyArray<Field> | undefined, CommandError, Settings> =>
  Effect.flatMap(Settings, ({ json }) => {
    if (Option.isNone(json)) return Effect.succeed(undefined)
    const unknown = json.value.find((name) => name !== "*" && !fields.some((field) => field === name))
    if (unknown !== undefined) {
      return usage(
        unknown === "?" ? "--json names members of what is printed." : `There is no member ${JSON.stringify(unknown)}.`,
        `There are ${fields.join(", ")}; * is all of them.`
      )
    }
    return Effect.succeed(
      json.value.includes("*") ? fields : json.value.flatMap((name) => fields.filter((field) => field === name))
    )
  })

const jsonOr = (format: Option.Option<RowFormat>): RowFormat =>
  Option.getOrElse(
    Option.filter(format, (name) => name !== "table"),
    () => "json" as const
  )

const pick =
  (names: ReadonlyArray<string>, nothing: "" | null = null) =>
  (record: Readonly<Record<string, unknown>>): Row =>
    Object.fromEntries(names.map((name) => [name, record[name] ?? nothing]))

const filtered = (json: string, expression: string) =>
  Effect.flatMap(Jq.filter(json, expression), (text) => Output.write("-", Stream.encodeText(Stream.succeed(text))))
