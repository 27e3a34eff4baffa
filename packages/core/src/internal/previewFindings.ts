/** What is worth knowing of an import before it begins, in sentences (platform reference, §6.4, §6.6). */
import type { ImportFinding, ImportPreview } from "../ImportPreview.ts"
import type { PreviewTable } from "./previewTable.ts"

const mostColumns = 250
/** So much of a file's size must be free (§6.6). */
const quotaShare = 0.3

type Seen = Omit<ImportPreview, "findings">

export const findings = (seen: Seen, table?: PreviewTable): ReadonlyArray<ImportFinding> => [
  ...ofSize(seen),
  ...ofText(seen, table?.malformed),
  ...(table?.hasHeader === false
    ? [
        warning(
          "the first line holds a number, and counts as a row: columns will be called field_1, field_2 and so on",
          "Give a header as the first line."
        )
      ]
    : []),
  ...ofColumns(seen)
]

const error = (message: string, advice: string): ImportFinding => ({ severity: "error", message, advice })
const warning = (message: string, advice: string): ImportFinding => ({ severity: "warning", message, advice })

const ofSize = ({ limits, looked, size: told }: Seen): ReadonlyArray<ImportFinding> => {
  const size = told ?? (looked.isWhole ? looked.bytes : undefined)
  const { import_file_size: most, import_table_rows: rows, remaining_byte_quota: left } = limits
  return [
    ...(size === 0 ? [error("the source is empty", "Give at least one row or feature.")] : []),
    ...(size !== undefined && most !== undefined && size > most
      ? [error(`${size} bytes are more than the ${most} that the account may import at once`, "Split it, or use COPY.")]
      : []),
    ...(size !== undefined && left !== undefined && size * quotaShare > left
      ? [error(`the account has only ${Math.floor(left)} bytes of storage left`, "Delete datasets, or ask for more.")]
      : []),
    ...(rows !== undefined && looked.rows > rows
      ? [error(`there are more than the ${rows} rows that a dataset may have`, "Split it, or ask for a larger limit.")]
      : [])
  ]
}

const ofText = (
  { encoding, format, looked }: Seen,
  malformed: PreviewTable["malformed"]
): ReadonlyArray<ImportFinding> => [
  ...(encoding === "other" ? [warning("the text is not UTF-8", "Save it as UTF-8, or characters may change.")] : []),
  ...(encoding === "utf-16le" || encoding === "utf-16be"
    ? [warning(`the text is ${encoding.toUpperCase()}`, "Save it as UTF-8; the server may not recognize it.")]
    : []),
  ...(malformed === undefined
    ? []
    : [
        warning(
          `the text is not read further than line ${malformed.line}: ${malformed.message}`,
          "Quote values that hold quotes, delimiters or line breaks, and double the quotes in them."
        )
      ]),
  ...(looked.isWhole && looked.bytes > 0 && looked.rows === 0 && malformed === undefined && isTable(format)
    ? [error("there is a header and no row", "Give at least one row.")]
    : [])
]

const isTable = (format: string | undefined): boolean => format !== undefined && /^(csv|tsv|txt|tab)$/.test(format)

const ofColumns = ({ columns }: Seen): ReadonlyArray<ImportFinding> => {
  const renamed = columns.filter(({ becomes, name }) => becomes !== name)
  const twice = columns.filter(({ name }, i) => columns.findIndex((other) => other.name === name) < i)
  return [
    ...(columns.length > mostColumns
      ? [error(`${columns.length} columns are more than the ${mostColumns} that a dataset may have`, "Leave some out.")]
      : []),
    ...(twice.length > 0
      ? [warning(`columns have the same name: ${twice.map(({ name }) => `"${name}"`).join(", ")}`, "Rename them.")]
      : []),
    ...(renamed.length > 0
      ? [
          warning(
            `columns will be renamed: ${renamed.map(({ becomes, name }) => `"${name}" to ${becomes}`).join(", ")}`,
            "Use the new names in queries, or rename the columns first."
          )
        ]
      : []),
    ...columns.flatMap(({ damages, name }) =>
      damages.map(({ count, example, kind }) =>
        warning(
          `guessing types would change "${name}": ${count} of the values seen, such as ${example} (${kind})`,
          "Import with typeGuessing: false, and every column stays text."
        )
      )
    )
  ]
}
