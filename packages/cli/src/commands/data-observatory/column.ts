/** Columns of datasets at the service, as they are typed. */
import type { Column } from "@effect-carto/core/UserDataset"
import * as Option from "effect/Option"

const types = [
  "STRING",
  "BYTES",
  "INTEGER",
  "INT64",
  "FLOAT",
  "FLOAT64",
  "BOOLEAN",
  "BOOL",
  "TIMESTAMP",
  "DATE",
  "TIME",
  "DATETIME",
  "GEOGRAPHY"
] as const

/** `price:FLOAT64`; capitals of the type do not matter. */
export const parseColumn = (text: string): Option.Option<Column> => {
  const colon = text.lastIndexOf(":")
  const wanted = text.slice(colon + 1).toUpperCase()
  const type = types.find((type) => type === wanted)
  return colon > 0 && type !== undefined ? Option.some({ name: text.slice(0, colon), type }) : Option.none()
}
