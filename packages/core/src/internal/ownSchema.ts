/** Where the account's tables are: `public`, but the user's name in an organization (platform reference, §12.2). */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CartoClient } from "../CartoClient.ts"
import type { CartoError } from "../CartoError.ts"
import { sqlRead } from "./sqlRead.ts"

const Row = Schema.Struct({ schema: Schema.NullOr(Schema.String) })

/** No address tells for sure whether the user is in an organization, so that the database is asked. */
export const ownSchema = (carto: CartoClient["Service"], operation: string): Effect.Effect<string, CartoError> =>
  Effect.map(
    sqlRead(carto, operation, Row, "select current_schema()::text as schema"),
    (rows) => rows[0]?.schema ?? "public"
  )
