/** Waiting for the Data Observatory's own pieces of work, which tell a word and texts (platform reference, §16.2). */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import { CartoError, JobError } from "../CartoError.ts"
import type { PollOptions } from "../PollOptions.ts"
import type { Work } from "../UserDataset.ts"
import { oneLine } from "./errorBody.ts"
import { inWords } from "./inWords.ts"
import * as Poll from "./poll.ts"

/** The service cannot be asked to stop. */
export type WorkPollOptions = Omit<PollOptions, "onInterrupt">

/** Longer than a piece of work takes that is not lost. */
const stalledAfter = "2 hours"

export interface Started {
  readonly operation: string
  readonly id: string
  /** Such as "the import". */
  readonly what: string
  readonly remedy: string
  /** Takes the key out of the service's texts. */
  readonly clean: (text: string) => string
  readonly read: Effect.Effect<Work, CartoError>
}

export const wait = (
  { clean, id, operation, read, remedy, what }: Started,
  options: WorkPollOptions
): Effect.Effect<void, CartoError> => {
  const failed = (status: string, message: string, remedy: string) =>
    new CartoError({ operation, reason: new JobError({ jobId: id, jobStatus: status, message, remedy }) })
  return Poll.wait(
    {
      operation,
      read,
      cancel: Effect.void,
      state: ({ status }) => status,
      isOver: ({ status }) => status === "success" || status === "failure",
      stalledAfter,
      stalled: ({ status }, after) =>
        failed(
          status,
          `${what} ${id} has stood still for ${inWords(after)}, with status ${status}`,
          "Start it again; if that does not help, ask the operator of the server."
        )
    },
    options
  ).pipe(
    Effect.flatMap((work) =>
      work.status === "success"
        ? Effect.void
        : Effect.fail(failed(work.status, `${what} ${id} failed${clean(said(work.errors))}`, remedy))
    )
  )
}

/** Texts, as far as is known; whatever else it is, it is told. */
const said = (errors: Schema.Json | null | undefined): string => {
  const texts = Array.isArray(errors) ? errors : errors == null ? [] : [errors]
  const words = texts.map((text) => (Predicate.isString(text) ? text : JSON.stringify(text))).join("; ")
  return words === "" ? "" : `: ${oneLine(words)}`
}
