/** Answers of the SQL API, made once and then sent from memory, so that the server costs as little as it can. */
import {
  binaryHeader,
  binaryOf,
  binaryTrailer,
  exactJsonOf,
  fields,
  jsonOf,
  plainFields,
  plainJsonOf,
  rowAt
} from "./rows.ts"

/** Rows that are made; longer answers repeat them. */
const blockRows = 10_000

const writeSize = 1 << 18

function* pieces(block: Buffer): Iterable<Buffer> {
  for (let at = 0; at < block.length; at += writeSize) yield block.subarray(at, at + writeSize)
}

const block = (make: () => Buffer): (() => Buffer) => {
  let made: Buffer | undefined
  return () => {
    made ??= make()
    return made
  }
}

const rowsOf = <A>(encode: (row: ReturnType<typeof rowAt>) => A): ReadonlyArray<A> =>
  Array.from({ length: blockRows }, (_, index) => encode(rowAt(index)))

const binaryBlock = block(() => Buffer.concat(rowsOf(binaryOf)))

/** Whole blocks only. */
const checkRows = (rows: number): number => {
  if (rows % blockRows !== 0) throw new RangeError(`the bench server sends multiples of ${blockRows} rows`)
  return rows / blockRows
}

export function* copyBinary(rows: number): Iterable<Buffer> {
  const blocks = checkRows(rows)
  yield binaryHeader
  for (let i = 0; i < blocks; i++) yield* pieces(binaryBlock())
  yield binaryTrailer
}

const jsonForms = {
  plain: { block: block(() => Buffer.from(rowsOf(plainJsonOf).join(","))), fields: plainFields },
  rounded: { block: block(() => Buffer.from(rowsOf(jsonOf).join(","))), fields },
  exact: {
    block: block(() => Buffer.from(rowsOf(exactJsonOf).join(","))),
    fields: { ...fields, population: { type: "string", pgtype: "text" }, updated: { type: "string", pgtype: "text" } }
  }
}

export type JsonForm = keyof typeof jsonForms

export function* json(form: JsonForm, rows: number): Iterable<Buffer> {
  const blocks = checkRows(rows)
  const { block, fields } = jsonForms[form]
  const comma = Buffer.from(",")
  yield Buffer.from('{"rows":[')
  for (let i = 0; i < blocks; i++) {
    if (i > 0) yield comma
    yield* pieces(block())
  }
  yield Buffer.from(`],"time":0.5,"fields":${JSON.stringify(fields)},"total_rows":${rows}}`)
}

/** A row or two, as most answers are. */
export const describe = (form: JsonForm): Buffer =>
  Buffer.from(JSON.stringify({ rows: [], time: 0.001, fields: jsonForms[form].fields, total_rows: 0 }))

export const one = Buffer.from(
  '{"rows":[{"?column?":1}],"time":0.001,"fields":{"?column?":{"type":"number","pgtype":"int4"}},"total_rows":1}'
)

const filler = block(() => {
  const bytes = Buffer.alloc(1 << 20)
  // Data of COPY text ends with a line break.
  for (let i = 0; i < bytes.length; i++) bytes[i] = i % 80 === 79 ? 10 : 97 + (i % 26)
  bytes[bytes.length - 1] = 10
  return bytes
})

/** Lines of text. */
export function* copyText(size: number): Iterable<Buffer> {
  const bytes = filler()
  let left = size
  for (; left > bytes.length; left -= bytes.length) yield* pieces(bytes)
  yield bytes.subarray(bytes.length - left)
}
