import { assert, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { Database } from "../src/Database.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { ownerRole } from "../src/sql/roles.ts"

// The first start on a machine builds the template.
it.layer(PgliteDatabase.layer(), { timeout: "2 minutes" })("PgliteDatabase", (it) => {
  it.effect("messages arrive in PostgreSQL's order", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const messages = yield* Stream.runCollect(
        db.run("create table t (a int, b text); insert into t values (1, 'é'), (2, null); select * from t", {
          role: ownerRole
        })
      )
      assert.deepStrictEqual(messages, [
        { _tag: "CommandComplete", tag: "CREATE TABLE" },
        { _tag: "CommandComplete", tag: "INSERT 0 2" },
        {
          _tag: "RowDescription",
          fields: [
            { name: "a", typeOid: 23, typeModifier: -1 },
            { name: "b", typeOid: 25, typeModifier: -1 }
          ]
        },
        { _tag: "DataRow", cells: ["1", "é"] },
        { _tag: "DataRow", cells: ["2", null] },
        { _tag: "CommandComplete", tag: "SELECT 2" }
      ])
    })
  )
})
