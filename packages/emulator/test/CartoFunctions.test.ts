import { assert, describe, it, type Vitest } from "@effect/vitest"
import { Effect, type Stream } from "effect"
import { Database } from "../src/Database.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { publicRole } from "../src/sql/roles.ts"
import { errorOf, owner, run } from "./DatabaseContract.ts"
import * as PostgresServer from "./PostgresServer.ts"

const rows = (sql: string) => Effect.flatMap(Database, (db) => db.rows(sql, owner))

/** The first column, as text. */
const values = (sql: string) => Effect.map(rows(sql), (rows) => rows.map((row) => Object.values(row)[0]))

const notices = (messages: ReadonlyArray<Stream.Success<ReturnType<Database["Service"]["run"]>>>) =>
  messages.flatMap((message) => (message._tag === "Notice" ? [message.message] : []))

const functions = (it: Vitest.MethodsNonLive<Database>): void => {
  it.effect("CDB_CartodbfyTable puts key and geometries first and keeps the rows", () =>
    Effect.gen(function* () {
      yield* run("create table cfied (name text, n float8); insert into cfied values ('a', 1.5), ('b', null)", owner)
      assert.deepStrictEqual(yield* values("select CDB_CartodbfyTable('cfied')"), ["cfied"])
      assert.deepStrictEqual(yield* rows("select * from cfied order by name"), [
        { cartodb_id: "1", the_geom: null, the_geom_webmercator: null, name: "a", n: "1.5" },
        { cartodb_id: "2", the_geom: null, the_geom_webmercator: null, name: "b", n: null }
      ])
      assert.deepStrictEqual(
        yield* rows(
          "insert into cfied (name, the_geom) values ('q', ST_SetSRID(ST_MakePoint(1, 2), 4326)) returning cartodb_id, the_geom, the_geom_webmercator"
        ),
        [
          {
            cartodb_id: "3",
            the_geom: "0101000020E6100000000000000000F03F0000000000000040",
            the_geom_webmercator: "0101000020110F0000310C4ADA772DFB4066F404ABE12E0B41"
          }
        ]
      )
    })
  )

  it.effect("CDB_CartodbfyTable tells of its triggers once, and then changes nothing", () =>
    Effect.gen(function* () {
      yield* run("create table told (name text)", owner)
      const missing = (trigger: string) => `trigger "${trigger}" for relation "told" does not exist, skipping`
      assert.deepStrictEqual(
        notices(yield* run("select CDB_CartodbfyTable('told')", owner)),
        ["track_updates", "update_the_geom_webmercator_trigger", "test_quota", "test_quota_per_row"].map(missing)
      )
      const before = yield* rows("select 'told'::regclass::oid, CDB_RegenerateTable('told')")
      assert.deepStrictEqual(notices(yield* run("select CDB_CartodbfyTable('public', 'told')", owner)), [])
      assert.deepStrictEqual(yield* rows("select 'told'::regclass::oid, CDB_RegenerateTable('told')"), before)
    })
  )

  it.effect("CDB_CartodbfyTable brings any geometry to 4326", () =>
    Effect.gen(function* () {
      yield* run(
        `create table utm (shape geometry(Point, 32632)); insert into utm values (ST_SetSRID(ST_MakePoint(500000, 5000000), 32632));
         create table plain (id serial primary key, geom geometry); insert into plain (geom) values ('POINT(7 8)'), (null);
         select CDB_CartodbfyTable('utm'); select CDB_CartodbfyTable('plain')`,
        owner
      )
      assert.deepStrictEqual(
        yield* rows("select ST_AsEWKT(the_geom, 3) as g, ST_SRID(the_geom_webmercator) as s from utm"),
        [{ g: "SRID=4326;POINT(9 45.153)", s: "3857" }]
      )
      assert.deepStrictEqual(yield* values("select ST_AsEWKT(the_geom) from plain where id = 1"), [
        "SRID=4326;POINT(7 8)"
      ])
    })
  )

  it.effect("CDB_CartodbfyTable keeps what belongs to the table", () =>
    Effect.gen(function* () {
      yield* run(
        `create table parent (id int primary key); insert into parent values (1);
         create table child (id serial primary key, parent int references parent, name text not null default 'x' check (name <> ''));
         create index child_name on child (lower(name));
         comment on table child is 'of a parent'; comment on column child.name is 'its name';
         grant select on child to ${publicRole};
         insert into child (parent) values (1);
         select CDB_CartodbfyTable('child')`,
        owner
      )
      const [ddl] = yield* values("select CDB_RegenerateTable('child')")
      assert.strictEqual(
        ddl,
        `CREATE TABLE child (
    cartodb_id bigint DEFAULT nextval('child_cartodb_id_seq'::regclass) NOT NULL,
    the_geom geometry(Geometry,4326),
    the_geom_webmercator geometry(Geometry,3857),
    id integer DEFAULT nextval('child_id_seq'::regclass) NOT NULL,
    parent integer,
    name text DEFAULT 'x'::text NOT NULL
);
ALTER TABLE child ADD CONSTRAINT child_name_check CHECK ((name <> ''::text));
ALTER TABLE child ADD CONSTRAINT child_parent_fkey FOREIGN KEY (parent) REFERENCES parent(id);
ALTER TABLE child ADD CONSTRAINT child_pkey UNIQUE (id);
ALTER TABLE child ADD CONSTRAINT child_pkey1 PRIMARY KEY (cartodb_id);
CREATE INDEX child_name ON public.child USING btree (lower(name));
CREATE INDEX child_the_geom_idx ON public.child USING gist (the_geom);
CREATE INDEX child_the_geom_webmercator_idx ON public.child USING gist (the_geom_webmercator);
CREATE TRIGGER test_quota BEFORE INSERT OR UPDATE ON public.child FOR EACH STATEMENT EXECUTE FUNCTION cdb_checkquota();
CREATE TRIGGER track_updates AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.child FOR EACH STATEMENT EXECUTE FUNCTION _cdb_track_updates();
CREATE TRIGGER update_the_geom_webmercator_trigger BEFORE INSERT OR UPDATE OF the_geom ON public.child FOR EACH ROW EXECUTE FUNCTION _cdb_fillwebmercator();`
      )
      yield* run("insert into child (parent) values (1)", owner)
      assert.deepStrictEqual(yield* values("select id from child order by id"), ["1", "2"])
      assert.deepStrictEqual(
        yield* rows(
          "select obj_description('child'::regclass) as t, has_table_privilege('publicuser', 'child', 'select') as p"
        ),
        [{ t: "of a parent", p: "t" }]
      )
    })
  )

  it.effect("an unusable cartodb_id is kept under another name", () =>
    Effect.gen(function* () {
      yield* run(
        `create table twice (cartodb_id int, t text); insert into twice values (5, 'a'), (5, 'b'); select CDB_CartodbfyTable('twice');
         create table usable (cartodb_id int, t text); insert into usable values (5, 'a'), (9, 'b'); select CDB_CartodbfyTable('usable');
         insert into usable (t) values ('c')`,
        owner
      )
      assert.deepStrictEqual(yield* rows("select cartodb_id, _cartodb_id0, t from twice order by t"), [
        { cartodb_id: "1", _cartodb_id0: "5", t: "a" },
        { cartodb_id: "2", _cartodb_id0: "5", t: "b" }
      ])
      assert.deepStrictEqual(yield* values("select cartodb_id from usable order by 1"), ["5", "9", "10"])
    })
  )

  it.effect("only the owner of a table may cartodbfy it", () =>
    Effect.gen(function* () {
      yield* run(`create table guarded (a int); grant select on guarded to ${publicRole}`, owner)
      const error = yield* errorOf("select CDB_CartodbfyTable('guarded')", { role: publicRole })
      assert.strictEqual(error.code, "42501")
    })
  )

  it.effect("a write to a dataset records the time of its table, whoever writes", () =>
    Effect.gen(function* () {
      yield* run(`create table tracked (name text); select CDB_CartodbfyTable('tracked')`, owner)
      yield* run(
        `grant insert on tracked to ${publicRole}; grant usage on sequence tracked_cartodb_id_seq to ${publicRole}`,
        owner
      )
      const recorded = values("select tabname from CDB_TableMetadata_Text where tabname = 'public.tracked'")
      assert.deepStrictEqual(yield* recorded, [])
      yield* run("insert into tracked (name) values ('a')", { role: publicRole })
      assert.deepStrictEqual(yield* recorded, ["public.tracked"])
      assert.strictEqual(
        (yield* errorOf("select CDB_TableMetadataTouch('tracked')", { role: publicRole })).code,
        "42501"
      )
      yield* run("create table touched (a int); select CDB_TableMetadataTouch('touched'::regclass)", owner)
      assert.deepStrictEqual(
        yield* values(
          "select updated_at = max(updated_at) over () from CDB_TableMetadata_Text where tabname = 'public.touched'"
        ),
        ["t"]
      )
    })
  )

  it.effect("what is beyond the quota is refused", () =>
    Effect.gen(function* () {
      yield* run("create table full_up (name text); select CDB_CartodbfyTable('full_up')", owner)
      yield* run("select CDB_SetUserQuotaInBytes(1024)")
      const error = yield* errorOf("insert into full_up (name) values ('a')", owner)
      assert.match(error.message, /^Quota exceeded by [\d.]+KB$/)
      assert.deepStrictEqual(yield* rows("select _CDB_UserQuotaInBytes() as q"), [{ q: "1024" }])
      yield* run("select CDB_SetUserQuotaInBytes(21474836480)")
      yield* run("insert into full_up (name) values ('a')", owner)
      assert.strictEqual((yield* errorOf("select CDB_SetUserQuotaInBytes(1)", owner)).code, "42501")
    })
  )

  it.effect("CDB_UserTables lists by what the public may see", () =>
    Effect.gen(function* () {
      yield* run(
        `create table shown (a int); create table hidden (a int); grant select on shown to ${publicRole}`,
        owner
      )
      const of = (perm: string) =>
        values(`select * from CDB_UserTables('${perm}') t where t in ('shown', 'hidden', 'spatial_ref_sys') order by t`)
      assert.deepStrictEqual(yield* of("all"), ["hidden", "shown"])
      assert.deepStrictEqual(yield* of("public"), ["shown"])
      assert.deepStrictEqual(yield* of("private"), ["hidden"])
      const db = yield* Database
      const seen = yield* db.rows("select CDB_UserTables() as t", { role: publicRole })
      assert.deepInclude(seen, { t: "shown" })
      assert.notDeepInclude(seen, { t: "hidden" })
    })
  )

  it.effect("CDB_QueryStatements splits where PostgreSQL would", () =>
    Effect.gen(function* () {
      const split = (sql: string) => values(`select * from CDB_QueryStatements($quoted$${sql}$quoted$)`)
      assert.deepStrictEqual(yield* split("select 1; select 'a;b'; insert into x values (1)"), [
        "select 1",
        "select 'a;b'",
        "insert into x values (1)"
      ])
      for (const whole of [
        `select 'it''s;', ";", e'\\';', 4 - 2 / 1 -- ; here\n, 1 /* ; there */`,
        "do $$ begin; end $$",
        "select $a$ ; $b$ ; $a$, $1"
      ]) {
        assert.deepStrictEqual(yield* split(`${whole};; ;${whole}`), [whole, whole])
      }
    })
  )

  it.effect("CDB_QueryTables knows what a query reads", () =>
    Effect.gen(function* () {
      yield* run(
        `create table "Odd Name" (a int); create table read_one (a int); create view through as select * from read_one`,
        owner
      )
      assert.deepStrictEqual(
        yield* rows(
          `select CDB_QueryTablesText('select * from through; with x as (select * from "Odd Name") select * from x; drop table nothing') as t, CDB_QueryTables('select 1') as n`
        ),
        [{ t: `{"public.\\"Odd Name\\"",public.read_one}`, n: "{}" }]
      )
    })
  )

  it.effect("small functions answer as on CARTO", () =>
    Effect.gen(function* () {
      yield* run("create table small (a int, b float8, g geometry(Point, 4326))", owner)
      assert.deepStrictEqual(yield* values("select CDB_ColumnNames('small')"), ["a", "b", "g"])
      assert.deepStrictEqual(
        yield* rows(
          `select CDB_ColumnType('small', 'b') as b, CDB_ColumnType('small', 'g') as g, CDB_Version() as version,
             CDB_Username() as username, CDB_EstimateRowCount('select generate_series(1, 1000)') as estimate,
             CDB_UserDataSize() > 0 as size, ST_AsText(CDB_LatLng(40, -3)) as point, ST_AsText(CDB_XYZ_Extent(0, 0, 0), 0) as tile`
        ),
        [
          {
            b: "double precision",
            g: "geometry",
            version: "0.37.1",
            username: null,
            estimate: "1000",
            size: "t",
            point: "POINT(-3 40)",
            tile: "POLYGON((-20037508 -20037508,-20037508 20037508,20037508 20037508,20037508 -20037508,-20037508 -20037508))"
          }
        ]
      )
    })
  )

  it.effect("CDB_TransformToWebmercator cuts the poles off", () =>
    Effect.gen(function* () {
      const transform = (wkt: string) =>
        values(`select ST_AsText(CDB_TransformToWebmercator(ST_GeomFromText('${wkt}', 4326)), 0)`)
      assert.deepStrictEqual(yield* transform("POINT(10 50)"), ["POINT(1113195 6446276)"])
      assert.deepStrictEqual(yield* transform("POINT(0 90)"), [null])
      assert.deepStrictEqual(yield* transform("LINESTRING(0 0,0 90)"), ["LINESTRING(0 0,0 20037508)"])
    })
  )
}

it.layer(PgliteDatabase.layer(), { timeout: "2 minutes" })("the CARTO functions", functions)

describe.skipIf(PostgresServer.serverUrl === undefined)("the CARTO functions on a server", () => {
  it.layer(PostgresServer.layer, { timeout: "1 minute" })(functions)
})
