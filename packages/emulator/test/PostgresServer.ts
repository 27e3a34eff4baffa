import { Effect, Layer, Redacted } from "effect"
import { Client } from "pg"
import * as PostgresDatabase from "../src/PostgresDatabase.ts"

/** A superuser's URL of a PostgreSQL server with PostGIS; without it the tests on a server are skipped. */
export const serverUrl = process.env.CARTO_TEST_DATABASE_URL

const administer = (sql: string) =>
  Effect.promise(async () => {
    const client = new Client(serverUrl)
    await client.connect()
    await client.query(sql).finally(() => client.end())
  })

/** A new database of that server, dropped at the end. */
export const layer = Effect.gen(function* () {
  const name = `carto_test_${process.pid}_${Date.now()}`
  yield* Effect.acquireRelease(administer(`create database ${name}`), () =>
    administer(`drop database ${name} with (force)`)
  )
  const url = new URL(serverUrl ?? "")
  url.pathname = name
  return PostgresDatabase.layer({ url: Redacted.make(url.href) })
}).pipe(Layer.unwrap)
