/** What is asked of the batch API, checked here first: it accepts jobs that never run (SQL reference, §7.1). */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as Statement from "effect/sql/Statement"
import type { CartoError } from "../CartoError.ts"
import * as SqlText from "../SqlText.ts"
import { refuse } from "./refuse.ts"
import { textOf } from "./sqlCompiler.ts"
import { plan } from "./sqlPlan.ts"

/** Text as it is, or a statement whose values become literals. */
export type JobStatement = string | Statement.Fragment

/** A query, and what runs after it. `<%= job_id %>` stands for the id, in `onerror` `<%= error_message %>` too. */
export interface FallbackQuery {
  readonly query: JobStatement
  readonly onsuccess?: JobStatement | undefined
  readonly onerror?: JobStatement | undefined
  /** Only lowers the account's own limit, 12 hours by default. */
  readonly timeout?: Duration.Input | undefined
}

/** Queries with what runs after each, and what runs after all of them. */
export interface FallbackJob {
  readonly query: ReadonlyArray<FallbackQuery>
  readonly onsuccess?: JobStatement | undefined
  readonly onerror?: JobStatement | undefined
}

/** One query; several, each of which commits on its own, up to the first that fails; or the form with fallbacks. */
export type JobInput = JobStatement | ReadonlyArray<JobStatement> | FallbackJob

const maxCharacters = 16_384
const isJson = (text: string): boolean =>
  Option.isSome(Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))(text))

/** The member `query` of the body. */
export const jobQuery = Effect.fnUntraced(function* (
  operation: string,
  input: JobInput,
  settings: { readonly readOnly?: boolean | undefined }
): Effect.fn.Return<Schema.Json, CartoError> {
  const fail = (message: string, advice: string) => Effect.fail(refuse(operation, message, advice))

  const text = Effect.fnUntraced(function* (statement: JobStatement) {
    if (!Predicate.isString(statement) && !Predicate.hasProperty(statement, "segments")) {
      return yield* fail("a query of the list is not text", "Give queries with fallbacks as { query: [{ query, … }] }.")
    }
    const text = Predicate.isString(statement) ? statement : textOf(statement)
    const checked = yield* Effect.fromResult(plan(operation, text, settings))
    const isEmpty = Result.getOrElse(SqlText.statements(checked.text), () => []).length === 0
    return isEmpty ? yield* fail("a query is empty", "Give a statement.") : text
  })
  const optional = (name: string, statement: JobStatement | undefined) =>
    statement === undefined ? Effect.succeed({}) : Effect.map(text(statement), (text) => ({ [name]: text }))
  const fallbacks = ({ onerror, onsuccess }: Omit<FallbackJob, "query">) =>
    Effect.zipWith(optional("onsuccess", onsuccess), optional("onerror", onerror), (a, b) => ({ ...a, ...b }))
  const nonEmpty = <A>(queries: ReadonlyArray<A>) =>
    queries.length > 0
      ? Effect.succeed(queries)
      : fail("the job has no query", "Give one; the server would never finish an empty job.")

  if (Predicate.isString(input) || "segments" in input) {
    const query = yield* text(input)
    return isJson(query)
      ? yield* fail("the query is JSON, and the server could not read the job back", "Give SQL.")
      : query
  }
  if (isList(input)) return yield* Effect.forEach(yield* nonEmpty(input), text)
  const query = yield* Effect.forEach(
    yield* nonEmpty(input.query),
    Effect.fnUntraced(function* (one) {
      const query = yield* text(one.query)
      const timeout = one.timeout === undefined ? {} : { timeout: Math.ceil(Duration.toMillis(one.timeout)) }
      return { query, ...(yield* fallbacks(one)), ...timeout }
    })
  )
  return { query, ...(yield* fallbacks(input)) }
})

const isList = (input: JobInput): input is ReadonlyArray<JobStatement> => Array.isArray(input)

/** The whole body; the server counts the characters of the compact JSON. */
export const jobBody = (operation: string, query: Schema.Json): Effect.Effect<{ query: Schema.Json }, CartoError> => {
  const { length } = JSON.stringify({ query })
  return length <= maxCharacters
    ? Effect.succeed({ query })
    : Effect.fail(
        refuse(
          operation,
          `the job has ${length} characters, and the server takes ${maxCharacters}`,
          "Split it, or load the data through COPY."
        )
      )
}
