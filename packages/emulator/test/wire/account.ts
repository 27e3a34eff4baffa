/** The account of the recordings: its tables, and what single recordings need besides. */
import { deflateSync, gzipSync } from "node:zlib"
import type { Limit, RateLimitGroup } from "../../src/RateLimit.ts"
import { publicRole } from "../../src/sql/roles.ts"

/** Every recording starts from these tables. */
export const tables = `
DROP TABLE IF EXISTS places, private_t, cp, alltypes, cfied, tmp_ddl, tmp_into;

CREATE TABLE places (
  cartodb_id int PRIMARY KEY, the_geom geometry(Geometry, 4326), the_geom_webmercator geometry(Geometry, 3857),
  name text, pop int);
INSERT INTO places SELECT id, g, ST_Transform(g, 3857), name, pop FROM (VALUES
  (1, ST_SetSRID(ST_MakePoint(-3.70379, 40.4167754), 4326), 'Madrid', 3223334),
  (2, ST_SetSRID(ST_MakePoint(2.1734035, 41.3850639), 4326), 'Barcelona "BCN"', 1620343),
  (3, NULL, 'Nowhere, no geom', NULL)) AS v(id, g, name, pop);

CREATE TABLE private_t (id int, secret text);
INSERT INTO private_t VALUES (1, 'a'), (2, 'b'), (3, 'x'), (4, 'y');

CREATE TABLE cp (id int PRIMARY KEY, name text, v float8);

CREATE TABLE cfied (
  cartodb_id int8 PRIMARY KEY, the_geom geometry(Geometry, 4326), the_geom_webmercator geometry(Geometry, 3857),
  name text, n float8);
INSERT INTO cfied (cartodb_id, name, n) VALUES (1, 'a', 1.5), (2, 'b', NULL);

CREATE TABLE alltypes AS SELECT
  1::int2 i2, 2::int4 i4, 9007199254740993::int8 i8, 1.1::numeric num, 1.5::float4 f4, 2.25::float8 f8, true b,
  'text "q" ñ'::text t, 'vc'::varchar vc, 'c'::char(3) c, '2020-01-31'::date d,
  '2020-01-31 12:34:56'::timestamp ts, '2020-01-31 12:34:56+02'::timestamptz tstz, '12:34:56'::time tm,
  '1 day 02:03:04'::interval iv, '{"a":[1,2,{"b":null}]}'::json js, '{"z":1}'::jsonb jsb, '\\x0102ff'::bytea by,
  'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid u, '12.34'::money money, '{1,2,NULL}'::int[] ai,
  ARRAY['a','b,c',NULL] at, ARRAY[true,false] ab, ARRAY['2020-01-31'::date] ad, ARRAY[1.5,2] an,
  ST_SetSRID(ST_MakePoint(1, 2), 4326)::geometry(Point, 4326) geom,
  ST_SetSRID(ST_MakePoint(1, 2), 4326)::geography(Point, 4326) geog,
  ST_MakePoint(1, 2, 3)::geometry anygeom, '[1,5)'::int4range rng, '10.0.0.1'::inet ip, NULL::text nul,
  '<a/>'::xml xm, 42::oid oidc, '1010'::bit(4) bits, 'nm'::name nm, 'foo bar'::tsvector tsv, '(1,2)'::point pt;

GRANT SELECT ON places, cp TO ${publicRole};
`

const data = 'id,name,v\n1,a,1.5\n2,"b,c",\n3,d,3\n'
const insertData = "INSERT INTO cp VALUES (1, 'a', 1.5), (2, 'b,c', NULL), (3, 'd', 3);"
const insertThird =
  "INSERT INTO cfied (cartodb_id, the_geom, the_geom_webmercator, name) VALUES (3, '0101000020E6100000000000000000F03F0000000000000040', '0101000020110F0000310C4ADA772DFB4066F404ABE12E0B41', 'q');"

const cartodbfy = "SELECT CDB_CartodbfyTable('cfied');"

/** What the owner did before single recordings. */
export const before: Readonly<Record<string, string>> = {
  "c02-cartodbfy-public": cartodbfy,
  "c06-usertables-private": "DROP TABLE alltypes",
  "c18-insert-cartodbfied": cartodbfy,
  "f-gpkg-intid": insertThird,
  "h01-cachechannel": insertThird,
  "h06-two-tables-multi-statement": `${insertThird}
    INSERT INTO cfied (cartodb_id, name) SELECT i, 'q' FROM generate_series(4, 103) i;
    UPDATE places SET pop = pop WHERE cartodb_id = 3; UPDATE places SET pop = pop WHERE cartodb_id = 1`,
  "h08-post-headers": "DELETE FROM places WHERE cartodb_id <> 2",
  "k42-copyto-post-json": insertData,
  "k44-copyto-filename": insertData,
  "k45-copyto-gzip-accept": insertData,
  "k48-copyto-public-nokey": insertData,
  "m18-if-modified-since": insertThird,
  "q19-delete": "DELETE FROM private_t WHERE id > 3; INSERT INTO private_t VALUES (5, 'z')",
  "q21-create-table-again-notice": "CREATE TABLE tmp_ddl (a int)",
  "q47-drop": "CREATE TABLE tmp_into (a int)",
  "t19-visible": "INSERT INTO private_t VALUES (555, 'open')"
}

/** When the triggers of these tables had seen their last change; the others had no triggers. */
export const changes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "f-gpkg-intid": { cfied: "2026-11-22 13:55:14Z" },
  "h01-cachechannel": { cfied: "2026-11-22 13:55:14Z" },
  "m18-if-modified-since": { cfied: "2026-11-22 13:55:14Z" },
  "h06-two-tables-multi-statement": { cfied: "2026-11-22 13:55:14Z", places: "2026-11-22 14:27:36Z" },
  "h08-post-headers": { places: "2026-11-22 14:27:36Z" }
}

/** Recordings of servers whose statements time out. */
export const timeouts: ReadonlySet<string> = new Set([
  "k75-copyto-timeout",
  "k76-copyto-timeout-mid",
  "t02-timeout-regular-post",
  "t03-timeout-mid-stream",
  "t04-timeout-geojson-mid-stream",
  "t09-ogr-render-timeout",
  "t11-cancelled-by-admin",
  "t12-terminated-by-admin"
])

interface RateLimited {
  readonly group: RateLimitGroup
  readonly limits: ReadonlyArray<Limit>
  /** One earlier request for each, and the milliseconds that went by after it. */
  readonly earlier: ReadonlyArray<number>
}

const three: ReadonlyArray<Limit> = [{ burst: 2, count: 3, period: "10 seconds" }]
const two: ReadonlyArray<Limit> = [...three, { burst: 1, count: 2, period: "60 seconds" }]
const one: ReadonlyArray<Limit> = [{ burst: 0, count: 1, period: "5 seconds" }]

/** The rate limits that were set, and how much of them was used up. */
export const rateLimits: Readonly<Record<string, RateLimited>> = {
  "r01-rate-query": { group: "query", limits: three, earlier: [] },
  "r02-rate-query": { group: "query", limits: three, earlier: [10] },
  "r03-rate-query": { group: "query", limits: three, earlier: [10, 10] },
  "r05-rate-query": { group: "query", limits: three, earlier: [10, 10, 10] },
  "r06-rate-query-after-wait": { group: "query", limits: three, earlier: [10, 10, 3_400] },
  "r07-rate-post": { group: "query", limits: three, earlier: [10, 10, 3_400, 10] },
  "r09-rate-callback": { group: "query", limits: three, earlier: [10, 10, 3_400, 10] },
  "r11-rate-two-limits": { group: "query", limits: two, earlier: [] },
  "r12-rate-two-limits": { group: "query", limits: two, earlier: [10] },
  "r13-rate-two-limits": { group: "query", limits: two, earlier: [10, 10] },
  "r14-rate-two-limits": { group: "query", limits: two, earlier: [10, 10] },
  "r52-rate-copyfrom": { group: "copy_from", limits: one, earlier: [500] },
  "r61-rate-copyto": { group: "copy_to", limits: one, earlier: [] },
  "r62-rate-copyto": { group: "copy_to", limits: one, earlier: [500] }
}

/** The file that the large uploads sent, up to a length. */
const manyRows = (length: number, start: string): string => {
  const lines = [start]
  for (let i = 0, size = start.length; size < length; i++) {
    const line = `${i},name${i},${(i * 1.5).toFixed(6)}\n`
    lines.push(line)
    size += line.length
  }
  return lines.join("")
}

/** Bodies of which a recording only shows the beginning. */
export const bodies: Readonly<Record<string, (length: number) => string | Uint8Array>> = {
  "k03-copyfrom-gzip": () => gzipSync(data),
  "k04-copyfrom-gzip-chunked": () => gzipSync(data),
  "k15-copyfrom-corrupt-gzip-middle": () => {
    const zipped = gzipSync(manyRows(6_000_000, "id,name,v\n"))
    zipped.writeUInt32LE(0, zipped.length - 8)
    return zipped
  },
  "k17-copyfrom-deflate": () => deflateSync(data),
  "k32-copyfrom-big-midfail": (length) => `${manyRows(length / 2, "id,name,v\n")}oops,x,1\n${manyRows(length / 2, "")}`,
  "k33-copyfrom-big-fail-early": (length) => manyRows(length, "id,name,v\noops,x,1\n"),
  "k34-copyfrom-big-ok": (length) => manyRows(length, "id,name,v\n")
}
