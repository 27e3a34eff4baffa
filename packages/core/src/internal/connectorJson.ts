/** The `connector` object of imports and synchronizations (platform reference, §6.7). */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import type * as Schema from "effect/Schema"
import type { CartoError } from "../CartoError.ts"
import { type Connector, type ConnectorParameters, isFragment, isParameters } from "../Connector.ts"
import { refuse } from "./refuse.ts"
import { textOf } from "./sqlCompiler.ts"

type Json = { readonly [name: string]: Schema.Json }

/** What a connection must tell; without it the server answers 400, or 500 for synchronizations. */
const required: Readonly<Record<string, ReadonlyArray<string>>> = {
  mysql: ["server", "username", "password"],
  postgres: ["server", "username", "database"],
  sqlserver: ["server", "username", "password", "database"],
  hive: ["server"],
  redshift: ["cluster", "database", "username", "password"],
  snowflake: ["server", "database", "username", "password"],
  bigquery: ["billing_project"]
}

/** With its secrets in plain text: for the body of a request, and for nothing else. */
export const connectorJson = Effect.fnUntraced(function* (
  operation: string,
  { parameters, provider }: Connector
): Effect.fn.Return<Json, CartoError> {
  const fail = (message: string, advice: string) => Effect.fail(refuse(operation, message, advice))
  if (!/^[a-z][a-z0-9_-]*$/i.test(provider))
    return yield* fail("the connector names no provider", "Name one, such as postgres.")
  const json: Json = { provider, ...toJson(parameters) }
  const has = (name: string) => name in json
  const fields = required[provider]
  if (fields === undefined) return json

  if (has("connection") === has("connection_id")) {
    return yield* fail("a connector has either a connection or the id of a stored one", "Give one of the two.")
  }
  if (has("table") === has("sql_query")) {
    return yield* fail("a connector reads either a table or a query", "Give one of the two.")
  }
  if (has("sql_query") && !has("import_as")) {
    return yield* fail("the rows of a query have no name", "Tell with importAs what the dataset is called.")
  }
  const connection = json.connection
  if (Predicate.isObject(connection)) {
    const missing = fields.filter((name) => Object.entries(connection).every(([key]) => key !== name))
    if (missing.length > 0) {
      return yield* fail(`the connection to ${provider} lacks ${missing.join(", ")}`, "Add what is missing.")
    }
    const port = "port" in connection ? connection.port : undefined
    if (port !== undefined && !(Number.isInteger(port) && Number(port) > 0 && Number(port) < 65_536)) {
      return yield* fail("the port of the connection is no port", "Give a number up to 65535, or leave it out.")
    }
  }
  return json
})

/** Everything in it that must not be seen. */
export const secretsOf = (parameters: ConnectorParameters): ReadonlyArray<Redacted.Redacted> =>
  Object.values(parameters).flatMap((value) =>
    Redacted.isRedacted(value) ? [value] : isParameters(value) ? secretsOf(value) : []
  )

/** Empty texts count as missing. */
const toJson = (parameters: ConnectorParameters): Json =>
  Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]): ReadonlyArray<readonly [string, Schema.Json]> => {
      if (value === undefined) return []
      if (Redacted.isRedacted(value)) return nonEmpty(name, Redacted.value(value))
      if (isFragment(value)) return nonEmpty(name, textOf(value))
      if (isParameters(value)) return [[name, toJson(value)]]
      return Predicate.isString(value) ? nonEmpty(name, value) : [[name, value]]
    })
  )

const nonEmpty = (name: string, value: string): ReadonlyArray<readonly [string, string]> =>
  value.trim() === "" ? [] : [[name, value]]
