/** Quotas that the account's database tells, also to keys that are not the master's (platform reference, §18). */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { CartoClient } from "../CartoClient.ts"
import { CartoError, ProtocolError } from "../CartoError.ts"
import * as Literal from "../Literal.ts"
import { ServiceQuota, type Storage } from "../User.ts"
import { refuse } from "./refuse.ts"
import { sqlRead } from "./sqlRead.ts"

type Client = CartoClient["Service"]

const StorageRow = Schema.Struct({ used: Schema.Finite, quota: Schema.Finite })

export const storage = (carto: Client, operation: string): Effect.Effect<Storage, CartoError> =>
  Effect.flatMap(
    sqlRead(
      carto,
      operation,
      StorageRow,
      "select CDB_UserDataSize()::float8 as used, _CDB_UserQuotaInBytes()::float8 as quota"
    ),
    only(operation)
  )

/** As numbers, which `numeric` is not to every server. */
export const dataservices = (carto: Client, operation: string) =>
  sqlRead(
    carto,
    operation,
    ServiceQuota,
    `select service, monthly_quota::float8, used_quota::float8, soft_limit, provider, max_batch_size::float8
     from cdb_dataservices_client.cdb_service_quota_info_batch()`
  )

const Enough = Schema.Struct({ enough: Schema.Boolean })

export const enough = Effect.fnUntraced(function* (carto: Client, operation: string, service: string, calls: number) {
  const name = yield* literal(operation, service)
  const amount = yield* literal(operation, calls)
  const rows = yield* sqlRead(
    carto,
    operation,
    Enough,
    `select cdb_dataservices_client.cdb_enough_quota(${name}, ${amount}) as enough`
  )
  return (yield* only(operation)(rows)).enough
})

const literal = (operation: string, value: string | number): Effect.Effect<string, CartoError> =>
  Effect.mapError(Effect.fromResult(Literal.encode(value)), ({ message }) =>
    refuse(operation, message, "Give the name of a service and a number.")
  )

const only =
  (operation: string) =>
  <A>(rows: ReadonlyArray<A>): Effect.Effect<A, CartoError> =>
    Effect.fromResult(
      Result.fromNullishOr(
        rows[0],
        () =>
          new CartoError({
            operation,
            reason: new ProtocolError({ status: 200, message: "the database tells no quota", body: "" })
          })
      )
    )
