/** JSON values out of json and jsonb text. */
import { PgTypeError } from "../PgTypeError.ts"

/** Throws `PgTypeError`, which names the column but does not show the text. */
export const parseJson = (text: string, pgtype: string, column: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new PgTypeError({ pgtype, column, reason: "it is not valid JSON" })
  }
}
