/** The account of the recordings of maps: its tables, and when each was changed last. */
import type { Duration } from "effect"
import type { Limit } from "../../src/RateLimit.ts"
import { ownerRole, publicRole } from "../../src/sql/roles.ts"

const point = (longitude: number, latitude: number) => `ST_SetSRID(ST_MakePoint(${longitude}, ${latitude}), 4326)`
const box = (edges: string) => `ST_Multi(ST_MakeEnvelope(${edges}, 4326))`

/** Run by the superuser. */
export const tables = `
CREATE TABLE places (
  cartodb_id int PRIMARY KEY, the_geom geometry(Point, 4326), the_geom_webmercator geometry(Point, 3857),
  name text, kind text, population int, score float8, opened timestamptz, active bool, tags text[]);
INSERT INTO places SELECT id, g, ST_Transform(g, 3857), name, kind, population, score, opened, active, tags FROM (VALUES
  (1, ${point(-3.7, 40.42)}, 'Madrid', 'city', 3300000, 9.5, '2020-01-15 10:00Z'::timestamptz, true, '{a,b}'::text[]),
  (2, ${point(2.17, 41.38)}, 'Barcelona', 'city', 1600000, 9.1, '2020-02-20 12:30Z', true, NULL),
  (3, ${point(-0.37, 39.47)}, 'Valencia', 'city', 800000, 8.2, '2020-03-05', true, NULL),
  (4, ${point(-5.98, 37.39)}, 'Sevilla', 'city', 690000, 8, '2020-03-25', true, NULL),
  (5, ${point(-2.93, 43.26)}, 'Bilbao', 'city', 345000, 'NaN', '2020-05-01', false, NULL),
  (6, ${point(-8.54, 42.88)}, 'Santiago', 'town', 97000, 'Infinity', '2020-05-11', true, NULL),
  (7, ${point(-4.12, 40.95)}, 'Segovia', 'town', 51000, 7.5, '2020-08-30', true, NULL),
  (8, ${point(-4.7, 40.66)}, 'Avila', 'town', 58000, 7.1, NULL, true, NULL),
  (9, ${point(-2.13, 40.07)}, 'Cuenca', 'town', NULL, 6.9, '2020-12-31 23:59:59Z', NULL, NULL),
  (10, ${point(-5.66, 40.97)}, 'Salamanca', NULL, 144000, NULL, '2021-01-01', true, NULL),
  (11, NULL, 'Nowhere', 'ghost', 0, 0, NULL, false, NULL)
) AS v(id, g, name, kind, population, score, opened, active, tags);

CREATE TABLE areas (
  cartodb_id int PRIMARY KEY, the_geom geometry(MultiPolygon, 4326), the_geom_webmercator geometry(MultiPolygon, 3857),
  name text, rank int);
INSERT INTO areas SELECT id, g, ST_Transform(g, 3857), name, rank FROM (VALUES
  (1, ${box("-10, 36, 0, 44")}, 'west', 1), (2, ${box("0, 38, 5, 43")}, 'east', 2)) AS v(id, g, name, rank);

CREATE TABLE secrets (
  cartodb_id int PRIMARY KEY, the_geom geometry(Point, 4326), the_geom_webmercator geometry(Point, 3857), name text);
INSERT INTO secrets SELECT cartodb_id, the_geom, the_geom_webmercator, 's' || cartodb_id FROM places WHERE cartodb_id <= 3;

CREATE TABLE grid_points (
  cartodb_id int PRIMARY KEY, the_geom geometry(Point, 4326), the_geom_webmercator geometry(Point, 3857), v int, cat text);
INSERT INTO grid_points SELECT id, g, ST_Transform(g, 3857), id - 1, substr('abcdefgh', 1 + (id - 1) % 8, 1)
  FROM (SELECT id, ST_SetSRID(ST_MakePoint(-9 + ((id - 1) % 40) * 0.3, 36 + ((id - 1) / 40) * 0.3), 4326) AS g
    FROM generate_series(1, 1000) AS id) AS s;

INSERT INTO cartodb.cdb_tablemetadata VALUES ('places', '2024-05-06 07:08:09.123Z'), ('areas', '2024-01-01Z'),
  ('secrets', '2024-02-02Z'), ('grid_points', '2023-01-01Z');
GRANT SELECT ON places, areas, grid_points TO ${publicRole};
${["places", "areas", "secrets", "grid_points"].map((table) => `ALTER TABLE ${table} OWNER TO ${ownerRole};`).join("\n")}
`

/** A request that is made by a test. */
export interface Request {
  readonly method: string
  readonly path: string
  readonly requestHeaders: Record<string, string>
  readonly requestBody: string
}

/** The recorded servers had several accounts, the emulator has one. */
export const hosts: Readonly<Record<string, string>> = { "lim.carto.test": "ana.carto.test" }

const post = (path: string, body: unknown, map?: string) => ({
  method: "POST",
  path,
  requestHeaders: { "content-type": "application/json" },
  requestBody: JSON.stringify(body),
  map
})

const template = (name: string, more: object = {}) => {
  const layers = [{ type: "cartodb", options: { sql: "select * from places", ...style } }]
  return post("/api/v1/map/named?api_key=master-ana", {
    version: "0.0.1",
    name,
    layergroup: { version: "1.7.0", layers },
    ...more
  })
}

const style = { cartocss: "#layer{marker-width:8;}", cartocss_version: "2.3.0" }
const anonymous = (map: string, options: object, more: object = {}) =>
  post("/api/v1/map", { version: "1.7.0", layers: [{ type: "cartodb", options }], ...more }, map)

/** Requests before a recording that were not recorded; `map` is the recorded id of what they made. */
export const before: Readonly<Record<string, ReadonlyArray<Request & { readonly map?: string | undefined }>>> = {
  "228-dvq-bad-operation": [
    anonymous(
      "67b16b05039cd83d766b4e5298d77699",
      { source: { id: "a0" }, ...style },
      {
        dataviews: {
          x: { source: { id: "a0" }, type: "formula", options: { column: "population", operation: "median" } }
        },
        analyses: [{ id: "a0", type: "source", params: { query: "select * from places" } }]
      }
    )
  ],
  "230-widget-get": [
    anonymous("1648d47746f5efefacd6dbf8e9555292", {
      sql: "select * from places",
      ...style,
      widgets: { w1: { type: "aggregation", options: { column: "kind", aggregation: "count" } } }
    })
  ],
  "042-named-list": [template("1a"), template("badsql"), template("py_style")],
  "139-named-delete-again": [
    { method: "DELETE", path: "/api/v1/map/named/tpl1?api_key=master-ana", requestHeaders: {}, requestBody: "" }
  ],
  "066-subst-mvt": [
    anonymous("445ca6d608ad616a676ed8358c1d7677", {
      sql: "select *, !scale_denominator!::float8 as sd, !pixel_width!::float8 as pw from places where the_geom_webmercator && !bbox!",
      ...style
    })
  ]
}

const onePerTwoSeconds: ReadonlyArray<Limit> = [{ burst: 1, count: 1, period: "2 seconds" }]

/** Limits of recordings, and the pauses behind the requests that came before them. */
export const rateLimits: Readonly<
  Record<
    string,
    {
      readonly group: "anonymous" | "tile"
      readonly limits: ReadonlyArray<Limit>
      readonly earlier: ReadonlyArray<Duration.Input>
    }
  >
> = {
  "144-rate-anon-1": { group: "anonymous", limits: onePerTwoSeconds, earlier: ["100 millis"] },
  "146-rate-anon-3": { group: "anonymous", limits: onePerTwoSeconds, earlier: [0, "100 millis"] },
  "147-rate-anon-after-wait": { group: "anonymous", limits: onePerTwoSeconds, earlier: [0, "2100 millis"] },
  "148-rate-tile-png-0": { group: "tile", limits: onePerTwoSeconds, earlier: [] },
  "149-rate-tile-png-1": { group: "tile", limits: onePerTwoSeconds, earlier: ["100 millis"] },
  "150-rate-tile-png-2": { group: "tile", limits: onePerTwoSeconds, earlier: [0, "100 millis"] },
  "151-rate-tile-mvt": { group: "tile", limits: onePerTwoSeconds, earlier: [0, "100 millis"] },
  "152-rate-tile-jsonp": { group: "tile", limits: onePerTwoSeconds, earlier: [0, "100 millis"] }
}

/** SQL of the superuser before a recording. */
export const changes: Readonly<Record<string, string>> = {
  "054-after-data-change":
    "UPDATE cartodb.cdb_tablemetadata SET updated_at = '2024-06-01Z' WHERE tabname = 'places'::regclass",
  "060-minzoom":
    "UPDATE cartodb.cdb_tablemetadata SET updated_at = '2024-05-06 07:08:09.123Z' WHERE tabname = 'places'::regclass"
}
