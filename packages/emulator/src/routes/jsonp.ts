/** Answers that a script tag can read (platform reference, §1.2). */
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Params from "../Params.ts"
import { refuse } from "../Refusal.ts"
import { json, type Visit } from "./platform.ts"

/** JSON, or a call of the function that the parameter `callback` names. Fails with 400 for what is no name. */
export const jsonOrCall = Effect.fnUntraced(function* ({ params }: Visit, value: unknown) {
  const callback = Params.text(params, "callback")
  if (callback === undefined) return json(value)
  if (!/^[$a-z_][\w$.]*$/i.test(callback)) {
    return yield* refuse(400, { callback: "Invalid callback format" })
  }
  return HttpServerResponse.text(`/**/${callback}(${JSON.stringify(value)})`, {
    contentType: "text/javascript; charset=utf-8"
  })
})
