/** `/api/v1/imports`: data becomes datasets (platform reference, §6). */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import { Auth } from "../Auth.ts"
import { Imports } from "../imports/Imports.ts"
import { importRequest } from "../imports/importRequest.ts"
import { importUpload } from "../imports/importUpload.ts"
import { missing, unauthorized } from "../Refusal.ts"
import { accountRoute } from "./accountRoute.ts"
import { master, optional, type Visit } from "./platform.ts"

const json = (text: string) => HttpServerResponse.text(text, { contentType: "application/json; charset=utf-8" })

// The key may stand in the form whose file is being stored: who comes is known when all of it was read.
const create = Effect.fnUntraced(function* ({ params, request }: Visit) {
  const auth = yield* Auth
  const imports = yield* Imports
  const workspace = yield* imports.workspace
  const asked = yield* Effect.gen(function* () {
    const { fields, file } = yield* importUpload(request, workspace)
    const all = { query: params.query, body: fields }
    const key = yield* auth.identify(request.headers.authorization, all)
    return yield* key?.type === "master" ? importRequest(all, file) : Effect.fail(unauthorized)
  }).pipe(Effect.onError(() => workspace.close))
  const { one } = yield* imports.create(asked, workspace)
  return json(JSON.stringify({ item_queue_id: one.id, success: true }))
})

const get = Effect.fnUntraced(function* () {
  const imports = yield* Imports
  const { id = "" } = yield* HttpRouter.params
  const text = yield* imports.poll(id)
  return text === undefined ? yield* missing : json(text)
})

const list = Effect.fnUntraced(function* () {
  const ids = yield* (yield* Imports).unfinished
  return json(JSON.stringify({ imports: ids, success: true }))
})

/** The routes of imports. */
export const routes = Layer.mergeAll(
  accountRoute("POST", "imports", optional({ body: "data" }, create)),
  accountRoute("GET", "imports", master({}, list)),
  accountRoute("GET", "imports/:id", master({}, get))
)
