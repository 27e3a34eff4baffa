/** The work of `carto sql job create`. */
import { CartoClient } from "@effect-carto/core/CartoClient"
import { SqlJobs } from "@effect-carto/core/SqlJobs"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Input from "../../../Input.ts"
import { JobJournal } from "../../../JobJournal.ts"
import * as Records from "../../../Records.ts"
import { withSession } from "../../../session.ts"
import { type FollowOptions, follow } from "./follow.ts"
import { record, shape } from "./json.ts"

export interface CreateInput extends FollowOptions {
  readonly queries: ReadonlyArray<string>
  readonly onSuccess: Option.Option<string>
  readonly onError: Option.Option<string>
  readonly wait: boolean
}

export const run = Effect.fnUntraced(function* (input: CreateInput) {
  const [first, ...others] = input.queries
  const query = others.length === 0 ? yield* Input.statement(Option.fromUndefinedOr(first)) : undefined
  yield* withSession(
    SqlJobs.layer(),
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      const journal = yield* JobJournal
      const { account } = yield* CartoClient
      const job = yield* jobs.create(asked(input, query))
      const shown = query ?? input.queries.join("; ")
      yield* journal.created({ id: job.job_id, account: account.baseUrl, query: shown, status: job.status })
      yield* Records.told(shape, [job.job_id], yield* record(job))
      if (input.wait) yield* follow(job.job_id, input)
    })
  )
}, Effect.provide(JobJournal.layer))

const asked = ({ onError, onSuccess, queries }: CreateInput, query: string | undefined) => {
  const all = query === undefined ? queries : [query]
  return Option.isSome(onSuccess) || Option.isSome(onError)
    ? {
        query: all.map((query) => ({ query })),
        onsuccess: Option.getOrUndefined(onSuccess),
        onerror: Option.getOrUndefined(onError)
      }
    : (query ?? all)
}
