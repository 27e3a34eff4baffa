/** A real PostgreSQL in this process, for tests of what PostgreSQL itself reads and writes. */
import { PGlite } from "@electric-sql/pglite"
import { Context, Effect, Layer } from "effect"

export class Postgres extends Context.Service<
  Postgres,
  {
    readonly exec: (sql: string) => Effect.Effect<void>
    /** The bytes of `COPY (query) TO STDOUT`. */
    readonly copyTo: (query: string, format: "text" | "csv" | "binary") => Effect.Effect<Uint8Array>
    readonly copyFrom: (table: string, bytes: Uint8Array) => Effect.Effect<void>
  }
>()("test/Postgres") {
  static readonly layer = Layer.effect(
    Postgres,
    Effect.gen(function* () {
      const db = yield* Effect.acquireRelease(
        Effect.promise(() => PGlite.create()),
        (db) => Effect.promise(() => db.close())
      )
      yield* Effect.promise(() => db.exec("set timezone = 'UTC'"))
      return Postgres.of({
        exec: (sql) => Effect.promise(() => db.exec(sql)),
        copyTo: (query, format) =>
          Effect.promise(async () => {
            const { blob } = await db.query(`copy (${query}) to '/dev/blob' with (format ${format})`)
            return new Uint8Array(await (blob ?? new Blob([])).arrayBuffer())
          }),
        copyFrom: (table, bytes) =>
          Effect.promise(() =>
            db.query(`copy ${table} from '/dev/blob'`, [], { blob: new Blob([new Uint8Array(bytes)]) })
          )
      })
    })
  )
}
