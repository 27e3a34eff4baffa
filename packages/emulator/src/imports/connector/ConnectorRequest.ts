/** What is asked of an external database, checked as CARTO does it (platform reference, §6.7). */
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"

/** A provider, its connection's fields, and what is to be read. */
export interface ConnectorRequest {
  readonly provider: string
  /** Values by field name in lower case; holds secrets. */
  readonly connection: ReadonlyMap<string, string>
  /** All else, by name in lower case. */
  readonly parameters: ReadonlyMap<string, string>
}

interface Provider {
  readonly required: ReadonlyArray<string>
  readonly optional: ReadonlyArray<string>
  readonly parameters: ReadonlyArray<string>
}

const common = ["table", "sql_query", "import_as", "schema", "encoding", "columns", "sql_count"]

const provider = (
  required: ReadonlyArray<string>,
  optional: ReadonlyArray<string> = [],
  more: ReadonlyArray<string> = []
) => ({ required, optional, parameters: [...common, ...more] }) satisfies Provider

const providers: Readonly<Record<string, Provider>> = {
  mysql: provider(["server", "username", "password"], ["port", "database"]),
  postgres: provider(["server", "username", "database"], ["port", "password", "sslmode"]),
  sqlserver: provider(["server", "username", "password", "database"], ["port"]),
  hive: provider(["server"], ["database", "port", "username", "password"]),
  redshift: provider(["cluster", "database", "username", "password"], ["port"]),
  snowflake: provider(["server", "database", "username", "password"], ["warehouse"]),
  bigquery: provider(["billing_project"], ["service_account"], ["project", "dataset"])
}

const textOf = (value: unknown): string | undefined => {
  if (Predicate.isString(value)) return value
  return Predicate.isNumber(value) || Predicate.isBoolean(value) ? String(value) : undefined
}

/** Texts by name in lower case; other values are none. */
const fields = (value: unknown): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  if (!Predicate.isObject(value)) return found
  for (const [name, one] of Object.entries(value)) {
    const text = textOf(one)
    if (text !== undefined) found.set(name.toLowerCase(), text)
  }
  return found
}

const member = (value: object, name: string): unknown =>
  Object.entries(value).find(([key]) => key.toLowerCase() === name)?.[1]

const listed = (names: ReadonlyArray<string>) => names.join(", ")

/** The request, or the text of the refusal. */
export const read = (value: unknown): Result.Result<ConnectorRequest, string> => {
  if (!Predicate.isObject(value)) return Result.fail("Invalid connector parameters")
  const parameters = new Map(fields(value))
  const name = parameters.get("provider")?.toLowerCase()
  if (name === undefined) return Result.fail("Missing 'provider' parameter")
  const known = providers[name]
  if (known === undefined) return Result.fail(`Unknown provider ${name}`)
  parameters.delete("provider")
  const connectionValue = member(value, "connection")
  if (parameters.has("connection_id")) {
    return Result.fail(
      connectionValue === undefined ? "Connection not found" : "Cannot use both connection and connection_id"
    )
  }
  const connection = fields(connectionValue)
  const missing = known.required.filter((field) => !connection.get(field))
  if (!parameters.has("table") && !parameters.has("sql_query")) missing.push("table")
  if (name === "bigquery" && parameters.has("sql_query") && !parameters.has("import_as")) missing.push("import_as")
  if (missing.length > 0) return Result.fail(`Missing required parameters ${listed(missing)} for provider ${name}`)
  const invalid = [
    ...[...connection.keys()].filter((field) => !known.required.includes(field) && !known.optional.includes(field)),
    ...[...parameters.keys()].filter((field) => !known.parameters.includes(field))
  ]
  if (invalid.length > 0) return Result.fail(`Invalid parameters: ${listed(invalid)} for provider ${name}`)
  return Result.succeed({ provider: name, connection, parameters })
}

/** What the dataset is to be called; with a query and no `import_as`, `table` names the result. */
export const importName = ({ parameters, provider }: ConnectorRequest): string =>
  parameters.get("import_as") ?? parameters.get("table") ?? provider
