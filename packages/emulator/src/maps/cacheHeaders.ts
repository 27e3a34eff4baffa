/** What caches are told about an answer of a map (maps reference, §3.5). */
import { httpDate } from "../QueryTables.ts"
import { tableKey, templateKey } from "./LayergroupId.ts"
import type { StoredMap } from "./StoredMap.ts"

/** A table without recorded changes is looked at again when five minutes of the clock are over. */
const untilNextLook = (now: number): number => Math.max(1, Math.floor((300_000 - (now % 300_000)) / 1000))

/** `Cache-Control`, `Last-Modified` and the keys by which caches drop an answer. */
export const cacheHeaders = (options: {
  readonly map: StoredMap
  readonly database: string
  readonly now: number
  /** The time of the data in milliseconds, as the address tells it. */
  readonly buster: string
  /** In place of a time that follows from the tables. */
  readonly cacheControl?: string | undefined
  /** Of a template that was filled for this answer. */
  readonly template?: { readonly user: string; readonly name: string } | undefined
}): Record<string, string> => {
  const { database, now, template } = options
  const tables = options.map.tables.map(({ name, schema }) => `${schema}.${name}`)
  const isKnown = options.map.tables.every(({ updatedAt }) => updatedAt !== undefined)
  const time = Number(options.buster)
  const keys = [
    ...(template === undefined ? [] : [templateKey(template.user, template.name)]),
    ...tables.map((table) => tableKey(database, table)).toSorted()
  ]
  return {
    "cache-control": options.cacheControl ?? `public,max-age=${isKnown ? 31_536_000 : untilNextLook(now)}`,
    ...(tables.length === 0 ? {} : { "x-cache-channel": `${database}:${tables.join(",")}` }),
    ...(keys.length === 0 ? {} : { "surrogate-key": keys.join(" ") }),
    "last-modified": httpDate(time > 0 ? time : now)
  }
}
