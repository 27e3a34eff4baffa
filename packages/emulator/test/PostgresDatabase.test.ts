import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { Database } from "../src/Database.ts"
import { assertHealthy, contract, owner } from "./DatabaseContract.ts"
import * as PostgresServer from "./PostgresServer.ts"

describe.skipIf(PostgresServer.serverUrl === undefined)("PostgresDatabase", () => {
  it.layer(PostgresServer.layer, { timeout: "1 minute" })((it) => {
    contract(it)

    it.effect("a statement runs while another one is read", () =>
      Effect.gen(function* () {
        const db = yield* Database
        const rows = yield* db.run("select generate_series(1, 3)", owner).pipe(
          Stream.mapEffect(() => db.rows("select 1 as a", owner)),
          Stream.runCollect
        )
        assert.strictEqual(rows.length, 5)
      })
    )

    it.effect("connections that the server closed are replaced", () =>
      Effect.gen(function* () {
        const db = yield* Database
        yield* assertHealthy
        yield* db.rows(`select pg_terminate_backend(pid) from pg_stat_activity where usename = '${owner.role}'`)
        // The server's farewell and a next statement may cross on the wire.
        yield* assertHealthy.pipe(Effect.retry({ times: 3 }))
      })
    )
  })
})
