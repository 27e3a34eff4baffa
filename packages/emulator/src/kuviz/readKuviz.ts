/** The parameters of a kuviz, and what is wrong with them in the application's words (platform reference, §15). */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Params from "../Params.ts"
import { Refusal, refuseWithCause } from "../Refusal.ts"
import { readOneOf } from "../routes/paging.ts"
import type { Visit } from "../routes/platform.ts"

/** `{"error": text}` (E10). */
export const wrongKuviz = (text: string): Refusal => new Refusal({ status: 400, body: { error: text } })

/** Bytes of the whole body. */
const maxSize = 10 * 1024 * 1024

const privacies = ["public", "password"]

/** Base64 without line breaks, as Ruby's strict decoder wants it. A pattern of groups fails on megabytes. */
const isStrictBase64 = (text: string): boolean => text.length % 4 === 0 && /^[A-Za-z\d+/]*={0,2}$/.test(text)

const checkSize = ({ params, request }: Visit) => {
  const data = Params.get(params, "data")
  const length = Math.max(Number(request.headers["content-length"] ?? 0), Predicate.isString(data) ? data.length : 0)
  return length > maxSize ? Effect.fail(wrongKuviz("Visualization over the size limit (10MB)")) : Effect.void
}

const checkData = (data: string) => {
  if (!isStrictBase64(data)) return Effect.fail(wrongKuviz("data parameter must be encoded in base64"))
  return /<html/i.test(Buffer.from(data, "base64").toString())
    ? Effect.void
    : Effect.fail(wrongKuviz("data parameter must be HTML"))
}

const readPrivacy = Effect.fnUntraced(function* (params: Params.Params) {
  const privacy = Params.text(params, "privacy")
  if (privacy === undefined || privacies.includes(privacy)) return privacy
  return yield* wrongKuviz(`privacy mode not allowed. Allowed ones are ["public", "password"]`)
})

const readCollision = (params: Params.Params, otherwise: "fail" | "replace") =>
  readOneOf(params, "if_exists", ["fail", "replace"], {
    otherwise,
    refusal: (text) => refuseWithCause(400, text)
  })

/** To make one: its privacy follows from its password. */
export const readNewKuviz = Effect.fnUntraced(function* (visit: Visit) {
  const { params } = visit
  yield* checkSize(visit)
  const data = Params.text(params, "data")
  const name = Params.text(params, "name")
  if (data === undefined) return yield* wrongKuviz("missing data parameter")
  if (name === undefined) return yield* wrongKuviz("missing name parameter")
  yield* checkData(data)
  yield* readPrivacy(params)
  const ifExists = yield* readCollision(params, "fail")
  return { data, name, password: Params.text(params, "password") ?? null, ifExists }
})

/** To change one; a password alone changes that of a protected one only. */
export const readKuvizChanges = Effect.fnUntraced(function* (visit: Visit, isProtected: boolean) {
  const { params } = visit
  yield* checkSize(visit)
  const data = Params.text(params, "data")
  const name = Params.text(params, "name")
  const password = Params.text(params, "password")
  if (data !== undefined) yield* checkData(data)
  const privacy = yield* readPrivacy(params)
  if (privacy === "password" && password === undefined) {
    return yield* wrongKuviz("Changing privacy to protected should come along with the password param")
  }
  const ifExists = yield* readCollision(params, "replace")
  const isKept = privacy === undefined && !isProtected
  return { name, data, password: privacy === "public" ? null : isKept ? undefined : password, ifExists }
})
