/** The work of `carto sql job watch`. */
import * as Job from "@effect-carto/core/Job"
import { SqlJobs } from "@effect-carto/core/SqlJobs"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { JobJournal } from "../../../JobJournal.ts"
import * as Output from "../../../Output.ts"
import { withSession } from "../../../session.ts"
import { type FollowOptions, states } from "./follow.ts"
import { line } from "./json.ts"

export const run = Effect.fnUntraced(function* (input: FollowOptions & { readonly id: string }) {
  const lines = states(Job.JobId.make(input.id), input).pipe(
    Stream.mapEffect(({ value }) => line(value)),
    Stream.map((text) => `${text}\n`)
  )
  yield* withSession(SqlJobs.layer(), Output.write("-", Stream.encodeText(lines)))
}, Effect.provide(JobJournal.layer))
