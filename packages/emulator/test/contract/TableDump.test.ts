import { assert, it } from "@effect/vitest"
import { Datasets, Sql } from "@effect-carto/core"
import { Effect, Stream } from "effect"
import { layer } from "./layer.ts"

const text = (rows: string) => Stream.make(new TextEncoder().encode(rows))
const long = "l".repeat(63)

const made = Effect.fnUntraced(function* (statements: string, name: string) {
  const sql = yield* Sql
  yield* sql.execute(sql.unsafe(`${statements}; select CDB_CartodbfyTable('${name}')`))
  return yield* Datasets
})

const definitions = Effect.fnUntraced(function* (name: string) {
  const { constraints, indexes } = yield* Effect.flatMap(Datasets, ({ describe }) => describe(name))
  return {
    constraints: constraints.map(({ definition }) => definition).toSorted(),
    indexes: indexes.map(({ definition }) => definition.replace(/^.* USING /, "")).toSorted()
  }
})

it.layer(layer, { timeout: "2 minutes", excludeTestServices: true })("Datasets.dump and Datasets.restore", (it) => {
  it.effect("keep indexes of any name, sequences, identities and constraints", () =>
    Effect.gen(function* () {
      const datasets = yield* made(
        `create table berths (code text, visits serial, depth float8,
           constraint "deep USING gist (" check (depth > 0));
         create unique index "x USING btree (" on berths (code desc nulls last, lower(code)) include (depth) where depth > 1;
         insert into berths (code, depth, visits) values ('KEL', 10, 7), ('OSL', 14, 8)`,
        "berths"
      )
      const sql = yield* Sql
      // Cartodbfying writes the table anew, without identities.
      yield* sql.execute`alter table berths add pass int generated always as identity`
      const { name } = yield* datasets.restore("moorings", yield* datasets.dump("berths"))
      assert.strictEqual(name, "moorings")
      const [from, to] = [yield* definitions("berths"), yield* definitions("moorings")]
      assert.deepStrictEqual(to.constraints, from.constraints)
      assert.deepStrictEqual(to.indexes.toSorted(), from.indexes.toSorted())
      const { rows } = yield* sql.query()`
        insert into moorings (code) values ('AMS') returning cartodb_id::float8, visits, pass`
      assert.deepStrictEqual(rows, [{ cartodb_id: 3, visits: 9, pass: 3 }])
    })
  )

  it.effect("take the longest names, and copies of copies", () =>
    Effect.gen(function* () {
      const datasets = yield* made("create table piers (name text); insert into piers values ('North')", "piers")
      yield* datasets.restore(long, yield* datasets.dump("piers"))
      const { name } = yield* datasets.restore("short", yield* datasets.dump(long))
      assert.strictEqual(name, "short")
      const sql = yield* Sql
      assert.lengthOf((yield* sql.query()`select * from short`).rows, 1)
    })
  )

  it.effect("make nothing of rows that do not all arrive, or of a type that is not there", () =>
    Effect.gen(function* () {
      const datasets = yield* made("create table quays (name text); insert into quays values ('North')", "quays")
      const dump = yield* datasets.dump("quays")
      const columns = dump.structure.columns.filter(({ name }) => name === "name")
      const structure = { ...dump.structure, columns, constraints: [], indexes: [] }
      // The server takes this for the end of the data.
      const short = { ...dump, structure, rows: text("North\n\\.\nSouth\n") }
      const strange = {
        ...dump,
        structure: { ...structure, columns: columns.map((column) => ({ ...column, definition: "mood" })) }
      }
      const sql = yield* Sql
      for (const broken of [short, strange]) {
        const error = yield* Effect.flip(datasets.restore("landings", broken))
        assert.strictEqual(error.operation, "Datasets.restore")
        const { rows } = yield* sql.query()`
          select relname::text from pg_class where relname = 'landings' or relname like 'carto_staging%'`
        assert.deepStrictEqual(rows, [])
      }
    })
  )
})
