/** What a command sends: shown with `--verbose`, and held back where it would change something with `--dry-run`. */

import * as SqlText from "@effect-carto/core/SqlText"
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { DryRun } from "./DryRun.ts"
import * as Quantity from "./format/Quantity.ts"
import { printable } from "./printable.ts"
import type { Values } from "./Settings.ts"
import * as Shown from "./Shown.ts"

/** The client of a command, as its shared flags want it. */
export const watched =
  ({ dryRun, verbose }: Pick<Values, "dryRun" | "verbose">) =>
  (client: HttpClient.HttpClient): HttpClient.HttpClient => {
    const shown = verbose ? HttpClient.transform(client, show) : client
    return dryRun
      ? HttpClient.transform(shown, (response, request) =>
          // Not an error of the connection: nothing may try it again or explain it.
          changes(request) ? Effect.die(new DryRun({ would: description(request) })) : response
        )
      : shown
  }

const show = <A extends { readonly status: number }, R>(
  response: Effect.Effect<A, HttpClientError.HttpClientError, R>,
  request: HttpClientRequest.HttpClientRequest
): Effect.Effect<A, HttpClientError.HttpClientError, R> =>
  Effect.gen(function* () {
    yield* tell(`> ${request.method} ${address(request)}`)
    const start = yield* Clock.currentTimeMillis
    const took = Effect.map(Clock.currentTimeMillis, (now) => Quantity.duration(Duration.millis(now - start)))
    return yield* response.pipe(
      Effect.tap(({ status }) => Effect.flatMap(took, (time) => tell(`< ${status} (${time})`))),
      Effect.tapError((error) => Effect.flatMap(took, (time) => tell(`< no answer: ${error.reason._tag} (${time})`)))
    )
  })

const tell = (line: string) => Console.error(printable(line))

const address = ({ url, urlParams }: HttpClientRequest.HttpClientRequest): string => {
  const [path = "", own = ""] = url.split("?", 2)
  const parameters: ReadonlyArray<readonly [string, unknown]> = [...new URLSearchParams(own), ...urlParams.params]
  const query = parameters.map(
    ([name, value]) =>
      `${encodeURIComponent(name)}=${Shown.isSecret(name) || Redacted.isRedacted(value) ? "<redacted>" : encodeURIComponent(String(value))}`
  )
  return query.length === 0 ? path : `${path}?${query.join("&")}`
}

/**
 * GET and HEAD change nothing, nor do queries that only read, COPY TO, and maps that are instantiated: those live for a
 * while and belong to nobody.
 */
export const changes = (request: HttpClientRequest.HttpClientRequest): boolean => {
  const path = request.url.split("?", 1)[0] ?? ""
  if (/\/sql\/copyto$/.test(path)) return false
  if (/\/sql$/.test(path)) return !Option.exists(statement(request), SqlText.isReadOnly)
  if (request.method === "GET" || request.method === "HEAD") return false
  return !(request.method === "POST" && /\/map(?:\/named\/[^/]+)?$/.test(path)) || /\/map\/named$/.test(path)
}

/** The SQL of a request. */
const statement = (request: HttpClientRequest.HttpClientRequest): Option.Option<string> => {
  const given = request.urlParams.params.find(([name]) => name === "q")?.[1]
  return Option.fromUndefinedOr(Predicate.isString(given) ? given : undefined).pipe(
    Option.orElse(() => Option.flatMap(text(request), (body) => Option.map(decodeQuery(body), ({ q }) => q)))
  )
}

const decodeQuery = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Struct({ q: Schema.String })))

const text = ({ body }: HttpClientRequest.HttpClientRequest): Option.Option<string> =>
  body._tag === "Uint8Array" ? Option.some(new TextDecoder().decode(body.body)) : Option.none()

/** A body that is long says how it begins. */
const longest = 2000

const description = (request: HttpClientRequest.HttpClientRequest): string => {
  const target = `${request.method} ${address(request)}`
  if (request.body._tag === "Stream") return `${target} with a stream of bytes`
  const said = Option.orElse(statement(request), () => Option.map(text(request), Shown.body))
  return Option.match(said, {
    onNone: () => target,
    onSome: (body) => `${target}\n${body.length > longest ? `${body.slice(0, longest)}…` : body}`
  })
}
