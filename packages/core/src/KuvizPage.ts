/** A custom visualization: an HTML page of one's own that CARTO serves (platform reference, §15). */
import * as Schema from "effect/Schema"
import { Timestamp } from "./internal/timestamp.ts"

export const KuvizId = Schema.NonEmptyString.pipe(Schema.brand("carto/KuvizId"))
export type KuvizId = typeof KuvizId.Type

/** Neither the HTML nor the password can be read back: the page is at `url`. */
export const KuvizPage = Schema.Struct({
  id: KuvizId,
  name: Schema.String,
  /** `public`, or `password` when a visitor is asked for one. Other words decode too. */
  privacy: Schema.String,
  url: Schema.String,
  created_at: Schema.optionalKey(Schema.NullOr(Timestamp)),
  updated_at: Schema.optionalKey(Schema.NullOr(Timestamp))
})
export type KuvizPage = typeof KuvizPage.Type
