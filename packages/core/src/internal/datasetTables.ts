/** What the database knows of a table, and making a dataset of one. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { CartoError, NotFoundError } from "../CartoError.ts"
import { TableDescription } from "../DatasetDescription.ts"
import * as Literal from "../Literal.ts"
import { as, type Database, run } from "./database.ts"
import * as Catalog from "./datasetCatalog.ts"
import { tableName } from "./tableName.ts"

const Described = Schema.Struct({ description: TableDescription })
const Statements = Schema.Struct({ statements: Schema.Array(Schema.String) })

const missing = (operation: string, name: string): CartoError =>
  new CartoError({
    operation,
    reason: new NotFoundError({ status: 404, message: `there is no table ${JSON.stringify(name)}` })
  })

export const describe = Effect.fnUntraced(function* ({ sql }: Database, operation: string, name: string) {
  const { quoted } = yield* tableName(operation, name)
  const { rows } = yield* Effect.mapError(sql.query(Described)(sql.unsafe(Catalog.description(quoted))), as(operation))
  return rows[0] === undefined ? yield* missing(operation, name) : rows[0].description
})

export const ddl = Effect.fnUntraced(function* ({ sql }: Database, operation: string, name: string) {
  const { quoted } = yield* tableName(operation, name)
  const { rows } = yield* Effect.mapError(sql.query(Statements)(sql.unsafe(Catalog.ddl(quoted))), as(operation))
  return rows[0] === undefined ? yield* missing(operation, name) : `${rows[0].statements.join(";\n")};\n`
})

/** With the schema that the function needs: it takes `public` for granted, which is wrong for members of organizations. */
export const cartodbfy = Effect.fnUntraced(function* (database: Database, operation: string, name: string) {
  const { name: table, quoted, schema } = yield* tableName(operation, name)
  const own = schema === undefined ? "current_schema()::text" : Literal.encodeUnsafe(schema)
  yield* run(database, operation, `select CDB_CartodbfyTable(${own}, ${Literal.encodeUnsafe(quoted)}::regclass)`)
  return table
})
