/** The work of `carto sql job wait`. */
import * as Job from "@effect-carto/core/Job"
import { SqlJobs } from "@effect-carto/core/SqlJobs"
import * as Effect from "effect/Effect"
import { JobJournal } from "../../../JobJournal.ts"
import { withSession } from "../../../session.ts"
import { type FollowOptions, follow } from "./follow.ts"

export const run = Effect.fnUntraced(function* (input: FollowOptions & { readonly id: string }) {
  yield* withSession(SqlJobs.layer(), follow(Job.JobId.make(input.id), input))
}, Effect.provide(JobJournal.layer))
