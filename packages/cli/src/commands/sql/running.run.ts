/** The work of `carto sql running`. */

import { Sql } from "@effect-carto/core/Sql"
import * as Duration from "effect/Duration"
import type * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Quantity from "../../format/Quantity.ts"
import type { RowFormat } from "../../format/rowFormats.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { type Activity, activities } from "./activity.ts"

const shape = Records.shape(
  ["pid", "age", "seconds", "started", "state", "waits_for", "role", "query"],
  ["pid", "age", "state", "query"]
)

export const run = ({ format }: { readonly format: Option.Option<RowFormat> }) =>
  withSession(Sql.layer(), Records.list(shape, Stream.map(Stream.fromIterableEffect(activities), record), format))

/** The query on one line, as it is in a table. */
const record = (activity: Activity) => ({
  ...activity,
  age: activity.seconds === null ? null : Quantity.duration(Duration.seconds(Math.max(0, activity.seconds)))
})
