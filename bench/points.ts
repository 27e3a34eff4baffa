/** Points all over the world, the same in the emulator and in PostgreSQL, and maps of them. */
import { request } from "undici"
import type { Environment } from "./Benchmark.ts"

/** The well-known key of a new emulator. */
const masterKey = "local-master-key"

export const countOf = ({ quick }: Environment): number => (quick ? 2000 : 100_000)

/** Multiples of irrational numbers, which lie evenly and never in a grid. */
const part = (factor: string): string => `(i * ${factor}::float8 - floor(i * ${factor}::float8))`

/** Four columns of the usual types beside two geometries. */
export const makePoints = (environment: Environment): string => `drop table if exists points;
create table points as
  select i as cartodb_id, the_geom, ST_Transform(the_geom, 3857) as the_geom_webmercator,
    'Place ' || i % 5000 as name, i::bigint * 7919 % 10000000 as population, (i % 1000) / 8.0::float8 as height
  from (
    select i, ST_SetSRID(ST_MakePoint(${part("0.618033988749895")} * 360 - 180, ${part("0.414213562373095")} * 170 - 85), 4326) as the_geom
    from generate_series(1, ${countOf(environment)}) i
  ) as places;
create index on points using gist (the_geom_webmercator);
analyze points`

const post = async (url: string, body: unknown): Promise<string> => {
  const response = await request(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body)
  })
  const text = await response.body.text()
  if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}: ${text}`)
  return text
}

/** Where everybody may read them. */
export const makeInEmulator = async (environment: Environment): Promise<void> => {
  const q = `${makePoints(environment)}; grant select on points to publicuser`
  await post(`${environment.server}/user/alice/api/v2/sql`, { q, api_key: masterKey })
}

export const sql = "select * from points"

/** A map without a style is one of vectors only, whose points the server may draw together. */
export const cartocss = "#layer { marker-width: 4; }"

/** A new map; answers the id of its tiles. */
export const instantiate = async ({ server }: Environment): Promise<string> => {
  const layer = { type: "mapnik", options: { sql, cartocss, cartocss_version: "2.3.0" } }
  const answer: { readonly layergroupid: string } = JSON.parse(
    await post(`${server}/user/alice/api/v1/map`, { version: "1.8.0", layers: [layer] })
  )
  return answer.layergroupid
}
