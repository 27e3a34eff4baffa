/** Pages as they are printed, and the one that a person means. */
import { Kuviz } from "@effect-carto/core/Kuviz"
import * as KuvizPage from "@effect-carto/core/KuvizPage"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { failure } from "../../CommandError.ts"
import { inputBytes } from "../../inputBytes.ts"
import { isUuid } from "../../isUuid.ts"
import * as Records from "../../Records.ts"

export const shape = Records.shape(
  ["id", "name", "privacy", "url", "created_at", "updated_at"],
  ["name", "privacy", "updated_at", "url"]
)

/** By its id, or by the name, which must be that of one page only. */
export const find = Effect.fnUntraced(function* (idOrName: string) {
  const kuviz = yield* Kuviz
  if (isUuid(idOrName)) {
    return yield* kuviz.get(KuvizPage.KuvizId.make(idOrName))
  }
  const [found, ...others] = yield* kuviz.list({ search: idOrName }).pipe(
    Stream.filter(({ name }) => name === idOrName),
    Stream.runCollect
  )
  if (found === undefined) {
    return yield* failure(`There is no page of the name ${JSON.stringify(idOrName)}.`, "carto kuviz list shows all.")
  }
  if (others.length === 0) return found
  const ids = [found, ...others].map(({ id }) => id).join(", ")
  return yield* failure(`Several pages have the name ${JSON.stringify(idOrName)}.`, `Give an id: ${ids}.`)
})

/** The document of a page, byte for byte: it says itself how it is encoded. */
export const html = (file: string) => Stream.mkUint8Array(inputBytes(file))
