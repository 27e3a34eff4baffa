/** What every session starts with. */
import { quoteIdentifier } from "../SqlText.ts"

/** Where names without a schema are looked for. */
export const searchPath = (schema: string | undefined): string =>
  `${schema === undefined ? '"$user"' : quoteIdentifier(schema)},public,cartodb`

export const sessionSettings = {
  search_path: searchPath(undefined),
  timezone: "UTC"
}
