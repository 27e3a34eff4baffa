/** A synchronization as it is printed: with the members and the spelling of the server. */
import * as Synchronization from "@effect-carto/core/Synchronization"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Records from "../../Records.ts"

export const shape = Records.shape(
  [
    "id",
    "name",
    "state",
    "interval",
    "url",
    "service_name",
    "run_at",
    "ran_at",
    "created_at",
    "updated_at",
    "modified_at",
    "retried_times",
    "error_code",
    "error_message",
    "visualization_id",
    "type_guessing",
    "quoted_fields_guessing",
    "content_guessing"
  ],
  ["name", "state", "interval", "error_code", "id"]
)

const { service_item_id: _, ...fields } = Synchronization.Synchronization.fields

/** Without the parameters of a connector: a password may stand in them. */
const encode = Schema.encodeEffect(Schema.Struct(fields))

export const record = (value: Synchronization.Synchronization) => Effect.orDie(encode(value))
