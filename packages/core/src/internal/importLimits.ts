/** What the account may import, as its own user object tells (platform reference, §6.6, §14.2). */
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Schema from "effect/Schema"
import type { CartoClient } from "../CartoClient.ts"
import * as Deadline from "../Deadline.ts"
import type { ImportLimits } from "../ImportPreview.ts"
import { maybe } from "./optional.ts"
import { path } from "./path.ts"

const User = Schema.Struct({
  /** May be negative. */
  remaining_byte_quota: maybe(Schema.Finite),
  limits: maybe(
    Schema.Struct({
      import_file_size: maybe(Schema.Finite),
      import_table_rows: maybe(Schema.Finite),
      concurrent_imports: maybe(Schema.Int)
    })
  )
})

/** Nothing where they cannot be read: only advice depends on them, and the server keeps them by itself. */
export const accountLimits = (carto: CartoClient["Service"], operation: string): Effect.Effect<ImportLimits> =>
  carto.json(operation, User, HttpClientRequest.get(path`/api/v1/users/${carto.account.user}`)).pipe(
    Deadline.within(operation, "10 seconds"),
    Effect.map(({ limits, remaining_byte_quota }) => ({
      remaining_byte_quota: remaining_byte_quota ?? undefined,
      import_file_size: limits?.import_file_size ?? undefined,
      import_table_rows: limits?.import_table_rows ?? undefined,
      concurrent_imports: limits?.concurrent_imports ?? undefined
    })),
    Effect.catch((error) => Effect.as(Effect.logDebug(`Cannot read the limits of the account: ${error.message}`), {}))
  )
