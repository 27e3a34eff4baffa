import { describe, it } from "@effect/vitest"
import { contract } from "./DatabaseContract.ts"
import * as PostgresServer from "./PostgresServer.ts"

describe.skipIf(PostgresServer.serverUrl === undefined)("PostgresDatabase", () => {
  it.layer(PostgresServer.layer, { timeout: "1 minute" })((it) => contract(it))
})
