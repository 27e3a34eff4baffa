/** The work of `carto user list`. */
import { Users } from "@effect-carto/core/Users"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { usage } from "../../CommandError.ts"
import type { RowFormat } from "../../format/rowFormats.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { record, shape } from "./record.ts"

export interface ListInput {
  readonly search: Option.Option<string>
  readonly order: Option.Option<"username" | "updated_at">
  readonly organization: Option.Option<string>
  readonly format: Option.Option<RowFormat>
}

export const run = Effect.fnUntraced(function* ({ format, order, organization, search }: ListInput) {
  if (Option.isSome(organization)) {
    if (Option.isSome(search) || Option.isSome(order)) {
      return yield* usage(
        "The list of an organization's administrator is neither searched nor ordered by the server.",
        "Filter it with --jq, or leave --organization away."
      )
    }
    return yield* withSession(Users.layer(), Records.list(shape, managed(organization.value), format))
  }
  const members = Stream.unwrap(
    Effect.map(Users, ({ list }) =>
      list({ search: Option.getOrUndefined(search), orderBy: Option.getOrUndefined(order) })
    )
  )
  yield* withSession(Users.layer(), Records.list(shape, members, format))
})

const managed = (organization: string) =>
  Stream.fromIterableEffect(
    Effect.map(
      Effect.flatMap(Users, ({ listManaged }) => listManaged({ organization })),
      (users) => users.map(record)
    )
  )
