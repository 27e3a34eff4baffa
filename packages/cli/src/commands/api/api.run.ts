/** The work of `carto api`. */
import { CartoClient } from "@effect-carto/core/CartoClient"
import * as Pages from "@effect-carto/core/Pages"
import * as NodeFile from "@effect-carto/node/NodeFile"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { usage } from "../../CommandError.ts"
import { toJson } from "../../format/Value.ts"
import * as Input from "../../Input.ts"
import * as Output from "../../Output.ts"
import * as Records from "../../Records.ts"
import { changes } from "../../Requests.ts"
import { withSession } from "../../session.ts"
import { parameterOf, typed } from "./fields.ts"
import { itemsOf } from "./items.ts"

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE"

export interface ApiInput {
  readonly method: Method
  readonly path: string
  readonly fields: ReadonlyArray<readonly [name: string, value: string]>
  readonly input: Option.Option<string>
  readonly paginate: boolean
}

export const run = Effect.fnUntraced(function* (input: ApiInput) {
  if (input.paginate && input.method !== "GET") return yield* usage("--paginate asks for pages, which only GET can.")
  const body = yield* bodyOf(input)
  yield* withSession(
    Layer.empty,
    Effect.gen(function* () {
      const client = yield* CartoClient
      const path = yield* pathOf(input.path, client.account.baseUrl)
      const request = requestOf(input, path, body)
      const options = { credential: credentialOf(path) } as const
      const operation = changes(request) ? "api.change" : "api.read"
      if (input.paginate) {
        yield* print(
          `[${(yield* Stream.runCollect(items(client, operation, request, options))).map(toJson).join(",\n")}]\n`
        )
      } else if (yield* Records.isJson) yield* print(yield* client.text(operation, request, options))
      else yield* Output.write("-", (yield* client.open(operation, request, options)).bytes)
    })
  )
})

/** JSON as it came, unless members of it or a filter are asked for. */
const print = Effect.fnUntraced(function* (json: string) {
  if (!(yield* Records.isJson)) return yield* Output.write("-", Stream.encodeText(Stream.succeed(json)))
  return yield* Records.json(json)
})

const items = (
  client: CartoClient["Service"],
  operation: string,
  request: HttpClientRequest.HttpClientRequest,
  options: { readonly credential: "header" | "parameter" }
) =>
  Pages.stream({
    identity: (item: unknown) => (Predicate.isObject(item) && "id" in item ? String(item.id) : JSON.stringify(item)),
    read: (page) =>
      Effect.map(
        client.json(operation, Schema.Json, HttpClientRequest.setUrlParam(request, "page", String(page)), options),
        itemsOf
      )
  })

const requestOf = (
  { fields, method }: ApiInput,
  path: string,
  body: Option.Option<string>
): HttpClientRequest.HttpClientRequest => {
  const request = HttpClientRequest.make(method)(path)
  if (Option.isSome(body)) return HttpClientRequest.bodyText(request, body.value, "application/json")
  // Of a name that is given twice the last one counts.
  const given = Object.entries(Object.fromEntries(fields))
  if (method === "GET" || method === "DELETE") return HttpClientRequest.setUrlParams(request, given.map(parameterOf))
  return given.length === 0
    ? request
    : HttpClientRequest.bodyJsonUnsafe(request, Object.fromEntries(given.map(([name, text]) => [name, typed(text)])))
}

const bodyOf = Effect.fnUntraced(function* ({ fields, input, method }: ApiInput) {
  if (Option.isNone(input)) return Option.none<string>()
  if (fields.length > 0 && method !== "GET" && method !== "DELETE") {
    return yield* usage("--input and --field exclude each other.", "Write the members into the file.")
  }
  return Option.some(
    input.value === "-" ? yield* Input.text : yield* NodeFile.read(input.value).pipe(Stream.decodeText, Stream.mkString)
  )
})

/** A path of the account; its whole address is understood too, but no other: the key goes nowhere else. */
const pathOf = (path: string, baseUrl: string) => {
  if (path.startsWith(`${baseUrl}/`)) return Effect.succeed(path.slice(baseUrl.length))
  if (/^[a-z]+:\/\//i.test(path)) {
    // A key may stand in its parameters, or before an @.
    const shown = path.replace(/[?#].*$/s, "").replace(/\/\/[^/]*@/, "//")
    return Effect.fail(usage(`${shown} is not an address of the account.`, `Give a path behind ${baseUrl}.`))
  }
  return Effect.succeed(path.startsWith("/") ? path : `/${path}`)
}

/** Most of the v4 endpoints look for the key in the parameter only (platform reference, §2.3). */
const credentialOf = (path: string): "header" | "parameter" =>
  /^\/api\/v4\/(?!me(?:$|[/?]))/.test(path) ? "parameter" : "header"
