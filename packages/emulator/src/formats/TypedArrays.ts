/** `format=arraybuffer`: one typed array per column. Nested blocks of {type, size, items}, aligned to four bytes. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import { badRequest } from "../ApiError.ts"
import { collectRows } from "./collectRows.ts"
import type { Format } from "./Format.ts"

const elementTypes = {
  int8: 1,
  uint8: 2,
  uint8clamp: 3,
  int16: 4,
  uint16: 5,
  int32: 6,
  uint32: 7,
  float32: 8
} as const

const stringsType = 10
const buffersType = 11

const views = {
  1: Int8Array,
  2: Uint8Array,
  3: Uint8ClampedArray,
  4: Int16Array,
  5: Uint16Array,
  6: Int32Array,
  7: Uint32Array,
  8: Float32Array
} as const

type ElementType = keyof typeof views

const header = (type: number, size: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32BE(type, 0)
  bytes.writeUInt32BE(size, 4)
  return bytes
}

const block = (type: number, content: Uint8Array): Buffer => Buffer.concat([header(type, content.length), content])

// Only what stands before a block aligns it; the last one is not filled up.
const nested = (type: number, items: ReadonlyArray<Uint8Array>): Buffer => {
  const parts: Array<Uint8Array> = []
  let offset = 8
  for (const item of items) {
    const padding = (4 - (offset % 4)) % 4
    parts.push(Buffer.alloc(padding), item)
    offset += padding + item.length
  }
  return block(type, Buffer.concat(parts))
}

const numbers = (type: ElementType, values: ReadonlyArray<unknown>): Buffer => {
  const view = new views[type](values.map((value) => (value === null ? 0 : Number(value))))
  return block(type, new Uint8Array(view.buffer))
}

const strings = (values: ReadonlyArray<unknown>): Buffer =>
  nested(
    stringsType,
    values.map((value) => block(elementTypes.uint16, Buffer.from(value === null ? "" : String(value), "utf16le")))
  )

const isElementName = (name: string): name is keyof typeof elementTypes => name in elementTypes

/** The element type that a column's name asks for, as in `counts__uint8`. */
const elementType = (name: string): ElementType => {
  const suffix = name.split("__").at(-1) ?? ""
  return isElementName(suffix) ? elementTypes[suffix] : elementTypes.float32
}

/** The first row decides what a column is: text, arrays, or numbers. */
const column = (name: string, values: ReadonlyArray<unknown>): Buffer => {
  if (Predicate.isString(values[0])) return strings(values)
  const type = elementType(name)
  return Array.isArray(values[0])
    ? nested(
        buffersType,
        values.map((value) => numbers(type, Array.isArray(value) ? value : []))
      )
    : numbers(type, values)
}

const isSpatial = (type: string): boolean => type === "geometry" || type === "geography" || type === "raster"

const encode: Format["encode"] = (messages, options) =>
  Effect.gen(function* () {
    const { columns, rows } = yield* collectRows(messages, options)
    if (Object.values(columns.descriptors).some(({ type }) => isSpatial(type))) {
      return yield* badRequest("geometry types are not supported")
    }
    if (rows.length === 0) return Stream.empty
    const { names } = columns
    return Stream.make(
      nested(buffersType, [
        strings(names),
        ...names.map((name) =>
          column(
            name,
            rows.map((row) => row[name] ?? null)
          )
        )
      ])
    )
  }).pipe(Stream.unwrap)

/** No geometry; an empty set is an empty body. */
export const TypedArrays: Format = {
  extension: "arraybuffer",
  contentType: "application/octet-stream",
  jsonp: false,
  whole: true,
  statement: (sql) => sql,
  encode
}
