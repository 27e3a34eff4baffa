/** A template as the server has it: also one that was stored by others, and could not be instantiated. */
import * as Schema from "effect/Schema"
import { open } from "./internal/open.ts"

/** All members are there, so that it can be written back whole. Tokens are redacted. */
export const StoredTemplate = open({
  name: Schema.String,
  version: Schema.optionalKey(Schema.String),
  auth: Schema.optionalKey(
    open({
      method: Schema.optionalKey(Schema.String),
      valid_tokens: Schema.optionalKey(Schema.Array(Schema.RedactedFromValue(Schema.String)))
    })
  ),
  placeholders: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown)),
  layergroup: Schema.Record(Schema.String, Schema.Unknown)
})
export type StoredTemplate = typeof StoredTemplate.Type
