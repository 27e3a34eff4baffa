/** CSV and its relatives: every cell as text into a staged table, and a guess of each column's type on the way. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Stream from "effect/Stream"
import type { ImportOptions } from "../Asked.ts"
import { copyCell, copyInto, encodeLines } from "../copyInto.ts"
import { failure } from "../failures.ts"
import type { Staged } from "../Staged.ts"
import * as ColumnGuess from "./ColumnGuess.ts"
import { delimiterOf, encodingOf } from "./dialect.ts"
import * as Records from "./records.ts"

const headSize = 256 * 1024
const maxColumns = 250

interface Head {
  /** The names, where the first record has them. */
  readonly names: ReadonlyArray<string>
  readonly hasNames: boolean
}

const isNumber = (text: string): boolean => /^ *[+-]?\d*\.?\d+ *$/.test(text)

// A first record with a number in it is data already; then columns are called field_1, field_2, …
const readHead = (text: string, delimiter: string, isWhole: boolean) => {
  let head: Head | undefined
  const reader = Records.make(delimiter, (cells, quoted) => {
    if (head !== undefined) return
    const hasNames = !cells.some((cell, index) => !quoted[index] && isNumber(cell))
    head = { hasNames, names: cells.map((cell, index) => (hasNames && cell !== "" ? cell : `field_${index + 1}`)) }
  })
  reader.push(text)
  if (isWhole) reader.end()
  return head
}

const checked = Effect.fnUntraced(function* (head: Head | undefined) {
  if (head === undefined) return yield* failure(2003)
  if (head.names.length > maxColumns) return yield* failure(2004)
  if (head.names.some((name) => /[\r\n]/.test(name))) return yield* failure(2003)
  if (new Set(head.names).size < head.names.length) return yield* failure(2005)
  return head
})

const readStart = Effect.fnUntraced(function* (path: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const pieces = yield* Stream.runCollect(fileSystem.stream(path, { chunkSize: headSize, bytesToRead: headSize }))
  return Buffer.concat(pieces)
}, Effect.orDie)

/** Short records are filled up with NULL, and cells behind the last name are left out. */
export const stageCsv = Effect.fnUntraced(function* (options: {
  readonly path: string
  readonly name: string
  readonly relation: string
  readonly import: Pick<ImportOptions, "typeGuessing" | "quotedFieldsGuessing">
}) {
  const fileSystem = yield* FileSystem.FileSystem
  const start = yield* readStart(options.path)
  const encoding = yield* Effect.orDie(encodingOf(options.path, start))
  const startText = new TextDecoder(encoding).decode(start)
  if (startText.trim() === "") return yield* failure(1005)
  const delimiter = delimiterOf(startText)
  const head = yield* checked(readHead(startText, delimiter, start.length < headSize))
  const { typeGuessing, quotedFieldsGuessing } = options.import
  const guesses = head.names.map(() => ColumnGuess.make(delimiter === ";"))

  let lines = ""
  let isFirst = head.hasNames
  const reader = Records.make(delimiter, (cells, quoted) => {
    if (isFirst) {
      isFirst = false
      return
    }
    guesses.forEach((guess, index) => {
      const cell = cells[index]
      lines += index === 0 ? copyCell(cell) : `\t${copyCell(cell)}`
      if (cell === undefined || !typeGuessing) return
      if (quoted[index] && !quotedFieldsGuessing && cell !== "") guess.giveUp()
      else guess.see(cell)
    })
    lines += "\n"
  })
  const decoder = new TextDecoder(encoding)
  const taken = (isGood: boolean) => {
    const text = lines
    lines = ""
    return isGood ? Effect.succeed(text) : Effect.fail(failure(2003))
  }
  const rows = yield* copyInto(
    `create table ${options.relation} (${head.names.map((_, index) => `c${index} text`).join(", ")})`,
    `copy ${options.relation} from stdin`,
    Stream.orDie(fileSystem.stream(options.path, { chunkSize: headSize })).pipe(
      Stream.mapEffect((bytes) => taken(reader.push(decoder.decode(bytes, { stream: true })))),
      Stream.concat(Stream.fromEffect(Effect.suspend(() => taken(reader.push(decoder.decode()) && reader.end())))),
      encodeLines
    )
  )
  if (rows === 0) return yield* failure(1005)
  const staged: Staged = {
    relation: options.relation,
    name: options.name,
    columns: head.names.map((name, index) => ({
      name,
      expression: guesses[index]?.cast(`c${index}`) ?? `c${index}`,
      type: guesses[index]?.type() ?? "text"
    })),
    geometry: undefined,
    rows
  }
  return staged
})
