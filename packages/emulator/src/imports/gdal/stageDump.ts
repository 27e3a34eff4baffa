/** A layer as GDAL wrote it: `CREATE TABLE`, and COPY text that goes into a staged table as it is. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Stream from "effect/Stream"
import { Database } from "../../Database.ts"
import { copyInto } from "../copyInto.ts"
import { encodingOf } from "../csv/dialect.ts"
import { failure } from "../failures.ts"
import type { Column, Staged } from "../Staged.ts"

const headSize = 512 * 1024
const maxColumns = 250

const types: Readonly<Record<string, string>> = {
  INTEGER: "integer",
  INT2: "smallint",
  INT8: "bigint",
  FLOAT4: "real",
  FLOAT8: "double precision",
  BOOL: "boolean",
  DATE: "date",
  TIME: "time",
  "timestamp with time zone": "timestamptz",
  BYTEA: "bytea",
  // The key, where the file itself has one.
  SERIAL: "integer",
  BIGSERIAL: "bigint"
}

interface Dump {
  /** Names and PostgreSQL's types, in the order of the data. */
  readonly columns: ReadonlyArray<{ readonly name: string; readonly type: string }>
  /** Where the data begins, in bytes. */
  readonly start: number
}

const unquote = (name: string): string => name.slice(1, -1).replaceAll('""', '"')

const readDump = (head: string): Dump | undefined => {
  const copy = /^COPY "public"\."layer" \((.*)\) FROM STDIN;\n/m.exec(head)
  if (copy === null) return undefined
  const declared = new Map<string, string>()
  for (const [, name = "", type = ""] of head.matchAll(
    /^ALTER TABLE "public"\."layer" ADD COLUMN ("(?:[^"]|"")*") (.*);$/gm
  )) {
    declared.set(name, types[type.replace(/ CONSTRAINT .*/, "")] ?? "text")
  }
  const columns = (copy[1] ?? "").match(/"(?:[^"]|"")*"/g) ?? []
  return {
    columns: columns.map((name) => ({ name: unquote(name), type: declared.get(name) ?? "geometry" })),
    start: Buffer.byteLength(head.slice(0, copy.index + copy[0].length))
  }
}

/** Texts that are not UTF-8, as old shapefiles have them, are taken for Windows' Western European. */
const asUtf8 = (encoding: string) => {
  const decoder = new TextDecoder(encoding)
  const encoder = new TextEncoder()
  return encoding === "utf-8"
    ? (bytes: Uint8Array) => bytes
    : (bytes: Uint8Array) => encoder.encode(decoder.decode(bytes, { stream: true }))
}

/** What stands behind the end of the data is not read by PostgreSQL. */
export const stageDump = Effect.fnUntraced(function* (options: {
  readonly path: string
  readonly name: string
  readonly relation: string
}) {
  const fileSystem = yield* FileSystem.FileSystem
  const database = yield* Database
  const head = yield* Effect.orDie(
    Stream.runCollect(fileSystem.stream(options.path, { chunkSize: headSize, bytesToRead: headSize }))
  )
  const start = Buffer.concat(head)
  const encoding = yield* Effect.orDie(encodingOf(options.path, start))
  const dump = readDump(start.toString("latin1"))
  if (dump === undefined) return yield* failure(1005)
  const columns = dump.columns.map(({ name, type }, index) => ({
    name: Buffer.from(name, "latin1").toString(encoding === "utf-8" ? "utf8" : "latin1"),
    expression: `c${index}`,
    type
  }))
  if (columns.length > maxColumns) return yield* failure(2004)
  const declaration = columns.map(
    ({ expression, type }) => `${expression} ${type === "geometry" ? "public.geometry" : type}`
  )
  const rows = yield* copyInto(
    `create table ${options.relation} (${declaration.join(", ")})`,
    `copy ${options.relation} from stdin`,
    Stream.orDie(fileSystem.stream(options.path, { chunkSize: headSize, offset: dump.start })).pipe(
      Stream.map(asUtf8(encoding))
    )
  )
  if (rows === 0) return yield* failure(1005)
  const geometry = columns.find(({ type }) => type === "geometry")
  const [found] =
    geometry === undefined
      ? []
      : yield* Effect.orDie(
          database.rows(`select 1 as one from ${options.relation} where ${geometry.expression} is not null limit 1`)
        )
  const others: ReadonlyArray<Column> = columns.filter((column) => column !== geometry)
  return {
    relation: options.relation,
    name: options.name,
    columns: others,
    geometry: found === undefined ? undefined : geometry?.expression,
    rows
  } satisfies Staged
})
