/** A file that describes another database: JSON with the provider and its parameters, under the server's own names. */
import * as Connector from "@effect-carto/core/Connector"
import * as NodeFile from "@effect-carto/node/NodeFile"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { usage } from "./CommandError.ts"

const Parameters = Schema.StructWithRest(Schema.Struct({ provider: Schema.NonEmptyString }), [
  Schema.Record(Schema.String, Schema.Json)
])
const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Parameters))

/** Passwords stand in files rather than in flags, which stay in the shell's history. */
export const connectorFile = Effect.fnUntraced(function* (file: string) {
  const text = yield* NodeFile.read(file).pipe(Stream.decodeText, Stream.mkString)
  // The decoder's own message may repeat what stands in the file, and passwords stand in it.
  const { provider, ...parameters } = yield* Effect.mapError(decode(text), () =>
    usage(
      `${file} does not describe a connector.`,
      'It is JSON such as {"provider": "postgres", "connection": {…}, "table": "roads"}.'
    )
  )
  return Connector.generic(provider, parametersOf(parameters))
})

/** Members that are null are left out; a list is what the server calls one, its items with commas between. */
const parametersOf = (json: object): Connector.ConnectorParameters =>
  Object.fromEntries(
    Object.entries(json).flatMap(([name, value]: readonly [string, unknown]) => {
      const parameter = parameterOf(value)
      return parameter === undefined ? [] : [[name, parameter]]
    })
  )

const parameterOf = (value: unknown): Connector.ConnectorParameters[string] => {
  if (Predicate.isString(value) || Predicate.isNumber(value) || Predicate.isBoolean(value)) return value
  if (Array.isArray(value)) return value.join(",")
  return Predicate.isObject(value) ? parametersOf(value) : undefined
}
