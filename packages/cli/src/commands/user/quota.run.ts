/** The work of `carto user quota`. */
import type { ServiceQuota } from "@effect-carto/core/User"
import { Users } from "@effect-carto/core/Users"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { RowFormat } from "../../format/rowFormats.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"

const shape = Records.shape(["service", "used", "quota", "soft_limit", "provider", "max_batch_size"])

const all = Effect.gen(function* () {
  const users = yield* Users
  const storage = yield* users.storage
  return [{ ...storage, service: "storage" }, ...(yield* users.dataservicesQuota).map(ofService)]
})

const ofService = ({ monthly_quota, used_quota, ...rest }: ServiceQuota) => ({
  ...rest,
  used: used_quota,
  quota: monthly_quota
})

export const run = ({ format }: { readonly format: Option.Option<RowFormat> }) =>
  withSession(Users.layer(), Records.list(shape, Stream.fromIterableEffect(all), format))
