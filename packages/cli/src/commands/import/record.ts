/** An import as it is printed: with the members and the spelling of the server. */
import * as Import from "@effect-carto/core/Import"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Records from "../../Records.ts"

export const shape = Records.shape(
  [
    "id",
    "state",
    "success",
    "table_name",
    "table_id",
    "tables_created_count",
    "visualization_id",
    "error_code",
    "get_error_text",
    "warnings",
    "display_name",
    "data_type",
    "original_url",
    "synchronization_id",
    "type_guessing",
    "quoted_fields_guessing",
    "content_guessing"
  ],
  ["id", "state", "display_name", "table_name", "error_code"]
)

const encode = Schema.encodeEffect(Import.Import)

export const record = (value: Import.Import) => Effect.orDie(encode(value))
