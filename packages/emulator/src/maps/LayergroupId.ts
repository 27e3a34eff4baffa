/** The ids of maps and templates, and the keys under which caches know them (maps reference, §4 and §21). */
import { createHash } from "node:crypto"
import type { JsonObject } from "./json.ts"

/** The address of an instantiated map: `{user}@{template hash}@{map}:{buster}`, for anonymous maps without its first half. */
export interface Token {
  readonly signer: string | undefined
  readonly templateHash: string | undefined
  readonly map: string
  /** As it was sent; when the data changed last, in milliseconds. */
  readonly buster: string | undefined
}

/** Reads an address; whatever is missing is undefined. */
export const readToken = (text: string): Token => {
  const [id = "", buster] = text.split(":", 2)
  const parts = id.split("@")
  return {
    signer: parts.length > 1 ? parts[0] : undefined,
    templateHash: parts.length > 2 ? parts[1] : undefined,
    map: parts.at(-1) ?? "",
    buster
  }
}

/** Of the final configuration and of whose rights read its data. */
export const mapId = (config: JsonObject, database: string, role: string): string =>
  createHash("md5")
    .update(JSON.stringify({ ...config, dbparams: { name: database, user: role } }))
    .digest("hex")

/** Of the template as it is stored. */
export const templateHash = (template: JsonObject): string =>
  createHash("md5").update(JSON.stringify(template)).digest("hex").slice(0, 8)

const short = (text: string): string => createHash("sha256").update(text).digest("base64").slice(0, 6)

/** By which caches drop what shows a table. */
export const tableKey = (database: string, table: string): string => `t:${short(`${database}:${table}`)}`

/** By which caches drop what was made of a template. */
export const templateKey = (user: string, name: string): string => `n:${short(`${user}:${name}`)}`
