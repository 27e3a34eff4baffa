/** The body of a request for a synchronization (platform reference, §7.2). */
import { randomUUID } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type { ImportOptions } from "../imports/Asked.ts"
import * as ConnectorRequest from "../imports/connector/ConnectorRequest.ts"
import { Refusal, refuse } from "../Refusal.ts"
import { minPause, type State, type Synchronization } from "./Synchronization.ts"

export type Body = Readonly<Record<string, unknown>>

const defaultInterval = 3600

/** An exception that nobody catches: what the application makes of a body that is no JSON object, among others. */
export const uncaught = new Refusal({ status: 500, body: { status: "500", error: "Internal Server Error" } })

const isBody = (value: unknown): value is Body => Predicate.isObject(value) && !Array.isArray(value)

/** Parses the body itself, whatever its content type says. */
export const parse = (text: string): Effect.Effect<Body, Refusal> =>
  Effect.try({ try: (): unknown => JSON.parse(text), catch: () => uncaught }).pipe(
    Effect.flatMap((value) => (isBody(value) ? Effect.succeed(value) : Effect.fail(uncaught)))
  )

/** Seconds, from a number or a text; what is neither counts as none. */
export const seconds = (value: unknown): number => Math.trunc(Number(value)) || 0

/** What a new synchronization asks for. */
export interface Request {
  readonly interval: number
  readonly url: string | null
  readonly tableName: string | null
  readonly connector: ConnectorRequest.ConnectorRequest | undefined
  readonly options: ImportOptions
  readonly serviceName: string | null
  readonly serviceItemId: string | null
}

const text = (value: unknown): string | null => (Predicate.isString(value) && value !== "" ? value : null)

const isFalse = (value: unknown): boolean => value === false || value === "false"
const isTrue = (value: unknown): boolean => value === true || value === "true"

const connectorOf = (value: unknown): Effect.Effect<ConnectorRequest.ConnectorRequest | undefined, Refusal> =>
  value === undefined || value === null
    ? Effect.undefined
    : Result.match(ConnectorRequest.read(value), {
        onFailure: () => Effect.fail(uncaught),
        onSuccess: (connector) => Effect.succeed(connector)
      })

// The connection itself is kept apart, under an id: this text may be shown.
const itemOf = ({ parameters, provider }: ConnectorRequest.ConnectorRequest): string =>
  JSON.stringify({ provider, connection_id: randomUUID(), ...Object.fromEntries(parameters) })

/** There is neither privacy nor collision strategy. */
export const read = Effect.fnUntraced(function* (body: Body) {
  const interval = body.interval === undefined || body.interval === null ? defaultInterval : seconds(body.interval)
  if (interval * 1000 < minPause) {
    return yield* refuse(400, "Invalid interval: Sync interval must be at least 15 minutes")
  }
  const connector = yield* connectorOf(body.connector)
  const request: Request = {
    interval,
    url: text(body.url),
    tableName: text(body.table_name),
    connector,
    options: {
      typeGuessing: !isFalse(body.type_guessing),
      quotedFieldsGuessing: !isFalse(body.quoted_fields_guessing),
      contentGuessing: isTrue(body.content_guessing),
      createVis: isTrue(body.create_vis),
      privacy: undefined,
      collision: undefined
    },
    serviceName: connector === undefined ? text(body.service_name) : "connector",
    serviceItemId: connector === undefined ? text(body.service_item_id) : itemOf(connector)
  }
  return request
})

const states: ReadonlyArray<State> = ["created", "queued", "syncing", "success", "failure"]

/** Writes the columns of an update; hardly any of them is checked, not even the interval. */
export const assign = (one: Synchronization, body: Body, now: number): void => {
  const { checksum, error_code, error_message, etag, interval, name, retried_times, state, url } = body
  if (interval !== undefined) {
    one.interval = seconds(interval)
    one.runAt = now + one.interval * 1000
  }
  if (name !== undefined) one.name = text(name)
  if (url !== undefined) one.url = text(url)
  if (error_code !== undefined) one.errorCode = error_code === null ? null : seconds(error_code)
  if (error_message !== undefined) one.errorMessage = text(error_message)
  if (retried_times !== undefined) one.retriedTimes = seconds(retried_times)
  one.state = states.find((known) => known === state) ?? one.state
  if (etag !== undefined || checksum !== undefined) {
    const source = one.source ?? { etag: null, modifiedAt: null, checksum: "" }
    one.source = {
      ...source,
      etag: etag === undefined ? source.etag : text(etag),
      checksum: checksum === undefined ? source.checksum : (text(checksum) ?? "")
    }
  }
  one.updatedAt = now
}
