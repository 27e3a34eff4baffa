/** The page of a kuviz at its `url`: for everybody, or for who knows its password. */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Address from "../Address.ts"
import { Auth } from "../Auth.ts"
import * as Params from "../Params.ts"
import { atAddress } from "../routes/atAddress.ts"
import { KuvizStore, opens } from "./KuvizStore.ts"

const html = (body: string, status: number) =>
  HttpServerResponse.text(`<!DOCTYPE html>\n<html lang="en">\n<body>\n${body}\n</body>\n</html>\n`, {
    status,
    contentType: "text/html; charset=utf-8"
  })

const notFound = html("<h1>404</h1>", 404)

const passwordForm = html(
  `<form method="post">\n<label>Password <input type="password" name="password"></label>\n<button>Enter</button>\n</form>`,
  403
)

const page = Effect.gen(function* () {
  const request = yield* HttpServerRequest.HttpServerRequest
  const store = yield* KuvizStore
  const { id } = yield* HttpRouter.params
  const user = yield* Address.user(request)
  const kuviz = (yield* store.list).find((kuviz) => kuviz.id === id)
  if (kuviz === undefined || user !== (yield* Auth).user) return notFound
  const params = { query: new Map(), body: yield* Params.body(request) }
  if (!opens(kuviz, Params.text(params, "password"))) return passwordForm
  return HttpServerResponse.uint8Array(yield* store.page(kuviz.id), { contentType: "text/html; charset=utf-8" })
}).pipe(
  Effect.catchTag("ApiError", () => Effect.succeed(notFound)),
  Effect.catchTag("DatabaseError", () => Effect.succeed(html("<h1>500</h1>", 500)))
)

const show = atAddress(page)

/** GET shows it, POST sends the password. */
export const routes = HttpRouter.addAll(
  (["/kuviz/:id", "/user/:user/kuviz/:id", "/u/:user/kuviz/:id"] as const).flatMap((path) => [
    HttpRouter.route("GET", path, show),
    HttpRouter.route("POST", path, show)
  ])
)
