/** How the data of a COPY is written, the same in both directions. */
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"

const oneByte = (text: string) => text.length === 1 && text.charCodeAt(0) < 128

export const columns = Flag.String("columns").pipe(
  Flag.map((list) => list.split(",").map((name) => name.trim())),
  Flag.filter(
    (names) => names.every((name) => name !== ""),
    () => "column names with commas between them"
  ),
  Flag.withMetavar("A,B,C"),
  Flag.optional
)

export const layout = {
  format: Flag.Literals("format", ["csv", "text", "binary"]).pipe(
    Flag.withAlias("f"),
    Flag.withMetavar("FORMAT"),
    Flag.withDescription("PostgreSQL's own formats; default: csv"),
    Flag.withDefault("csv")
  ),
  header: Flag.Boolean("header").pipe(
    Flag.withDescription("The first line of CSV names the columns; --no-header if not"),
    Flag.withDefault(true)
  ),
  delimiter: Flag.String("delimiter").pipe(
    Flag.map((text) => (text === "\\t" ? "\t" : text)),
    Flag.filter(oneByte, () => "a single ASCII character, or \\t"),
    Flag.withMetavar("CHARACTER"),
    Flag.withDescription("Between the columns; default: a comma in csv, a tab in text"),
    Flag.optional
  ),
  null: Flag.String("null").pipe(
    Flag.withMetavar("TEXT"),
    Flag.withDescription("What stands for NULL; default: an empty cell in csv, \\N in text"),
    Flag.optional
  )
}

/** `layout` as it was parsed. */
export interface Layout {
  readonly format: "csv" | "text" | "binary"
  readonly header: boolean
  readonly delimiter: Option.Option<string>
  readonly null: Option.Option<string>
}

/** As `SqlCopy` takes it. */
export const options = (layout: Layout) => ({
  format: layout.format,
  header: layout.header,
  delimiter: Option.getOrUndefined(layout.delimiter),
  null: Option.getOrUndefined(layout.null)
})
