import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Geometry, Interval, Sql } from "@effect-carto/core"
import { Emulator } from "@effect-carto/emulator"
import { NodeCarto } from "@effect-carto/node"
import { DateTime, Effect } from "effect"
import { emulator, onEmulator } from "../../harness.ts"
import { RowTypesA, RowTypesB } from "./rowTypes.ts"

const rowTypes = (...args: ReadonlyArray<string>) => onEmulator(["dataset", "row-types", ...args])
const query = (sql: string) => onEmulator(["sql", "query", sql, "--quiet"])

const setUp = query(`
  create type mood as enum ('calm', 'rough');
  create table row_types_a (
    id int4 primary key, "Größe in m" float8 not null, name text, depth numeric(10, 2), ships int8 not null,
    opened timestamptz, closed timestamp, built date, open boolean not null, meta jsonb, tags text[] not null,
    counts int8[], tide interval, icon bytea, at point, sea mood, seas mood[], "__proto__" text
  );
  comment on column row_types_a.depth is 'Metres, */ at low tide';
  select CDB_CartodbfyTable('public', 'row_types_a');
  insert into row_types_a (the_geom, id, "Größe in m", name, depth, ships, opened, closed, built, open, meta, tags, counts,
    tide, icon, at, sea, seas)
  values ('SRID=4326;POINT(1 2)', 1, 'NaN', 'Kiel', 10.50, 9007199254740993, '2026-01-02 03:04:05+00', '2026-01-02 03:04:05',
    '2026-01-02', true, '{"a": null}', '{a,NULL}', '{9007199254740993}', '1 mon 2 days', '\\x0102', '(1,2)', 'calm', '{rough}');
  insert into row_types_a (id, "Größe in m", ships, open, tags) values (2, 1.5, 0, false, '{}');
  create view row_types_b as select id, name from row_types_a`)

it.layer(emulator.layer, emulator.options)("carto dataset row-types", (it) => {
  it.effect("prints a module that the compiler takes, and that decodes the rows of its tables", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* setUp).code, 0)
      const printed = yield* rowTypes("row_types_a", "row_types_b")
      assert.deepStrictEqual([printed.code, printed.stderr], [0, ""])
      // The file is what was printed; the compiler checks it with this test.
      assert.strictEqual(printed.stdout, readFileSync(join(import.meta.dirname, "rowTypes.ts"), "utf8"))

      const { masterKey, url } = yield* Emulator
      const rows = yield* Effect.gen(function* () {
        const sql = yield* Sql
        const { rows } = yield* sql.query(RowTypesA)`select * from row_types_a order by id`
        yield* sql.query(RowTypesB)`select * from row_types_b`
        return rows
      }).pipe(Effect.provide(NodeCarto.layer({ url, apiKey: masterKey })))
      const [full, empty] = rows
      assert.instanceOf(full?.the_geom, Geometry)
      assert.instanceOf(full?.tide, Interval)
      assert.deepStrictEqual(
        [full?.ships, full?.depth, full?.counts, full?.tags, full?.["Größe in m"]],
        [9007199254740993n, "10.50", [9007199254740993n], ["a", null], Number.NaN]
      )
      assert.strictEqual(full?.opened?.pipe(DateTime.formatIso), "2026-01-02T03:04:05.000Z")
      assert.deepStrictEqual([empty?.name, empty?.the_geom, empty?.meta, empty?.tags], [null, null, null, []])
    })
  )

  it.effect("takes every column to hold NULL where the key may not read the catalogs", () =>
    Effect.gen(function* () {
      yield* query("create table row_types_c (id int4 not null); select CDB_CartodbfyTable('public', 'row_types_c')")
      yield* onEmulator(["dataset", "privacy", "row_types_c", "public"])
      const { code, stderr, stdout } = yield* onEmulator(["dataset", "row-types", "row_types_c"], {
        env: { CARTO_API_KEY: "default_public" }
      })
      assert.strictEqual(code, 0)
      assert.include(stderr, "any column of row_types_c is taken to hold NULL")
      assert.include(stdout, "  id: Schema.NullOr(Schema.Int)\n")
    })
  )

  it.effect("tells which table is not there, and prints nothing", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* rowTypes("no_such_table")
      assert.deepStrictEqual([code, stdout], [1, ""])
      assert.include(stderr, "carto table list shows those that there are.")
    })
  )
})
