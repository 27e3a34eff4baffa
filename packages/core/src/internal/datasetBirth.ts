/** How datasets come to be: by an import, by a synchronization, as a copy, or out of a table that is there. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { CartoError, TimeoutError } from "../CartoError.ts"
import type { CreateOptions } from "../DatasetOptions.ts"
import type { ImportedRows } from "../DatasetRows.ts"
import * as ImportSource from "../ImportSource.ts"
import type { Imports } from "../Imports.ts"
import * as Literal from "../Literal.ts"
import type { PollOptions } from "../PollOptions.ts"
import type { Synchronizations } from "../Synchronizations.ts"
import type { Visualization } from "../Visualization.ts"
import { as } from "./database.ts"
import * as Poll from "./poll.ts"
import { refuse, unheeded } from "./refuse.ts"
import type { SynchronizationSource } from "./synchronizationRequest.ts"
import { isPlain, type Visualizing } from "./visualizations.ts"

interface Needs {
  readonly find: (operation: string, idOrName: string) => Effect.Effect<Visualization, CartoError>
  readonly imports: Imports["Service"]
  readonly synchronizations: Synchronizations["Service"]
  readonly visualizing: Visualizing
}

/** The list links tables that SQL made, but not always before it answers (platform reference, §8.3). */
const listedAfter = "5 minutes"

export const make = ({ find, imports, synchronizations, visualizing }: Needs) => {
  const isError = (error: unknown): error is CartoError => error instanceof CartoError
  /** Failures of the services below become those of the call; a source's own stay. */
  const told =
    (operation: string) =>
    <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E | CartoError, R> =>
      Effect.mapError(self, (error) => (isError(error) ? as(operation)(error) : error))

  const imported = Effect.fnUntraced(function* <E, R>(
    operation: string,
    source: ImportSource.ImportSource<E, R>,
    options: CreateOptions
  ) {
    const outcome = yield* told(operation)(imports.run(source, options))
    return yield* Effect.forEach(outcome.datasets, ({ name, visualization_id }) =>
      find(operation, visualization_id ?? Literal.identifier(name))
    )
  })

  const synchronized = Effect.fnUntraced(function* (
    operation: string,
    source: SynchronizationSource,
    options: CreateOptions
  ) {
    const { name, visualization_id } = yield* told(operation)(synchronizations.run(source, options))
    const idOrName = visualization_id ?? (name == null ? undefined : Literal.identifier(name))
    return idOrName === undefined ? [] : [yield* find(operation, idOrName)]
  })

  /** Synchronizations know no privacy, and some servers forget that of an import. */
  const withPrivacy = (operation: string, dataset: Visualization, privacy: string | undefined) =>
    privacy === undefined || dataset.privacy === privacy.toUpperCase()
      ? Effect.succeed(dataset)
      : visualizing.update(operation, dataset, { privacy: privacy.toUpperCase() })

  return {
    create: Effect.fnUntraced(function* <E, R>(
      operation: string,
      source: ImportSource.ImportSource<E, R>,
      options: CreateOptions
    ) {
      yield* visualizing.mayWrite(operation)
      if (options.interval === undefined) {
        const datasets = yield* imported(operation, source, options)
        return yield* Effect.forEach(datasets, (dataset) => withPrivacy(operation, dataset, options.privacy))
      }
      if (!isSynchronizable(source)) {
        return yield* refuse(
          operation,
          "bytes, queries and copies cannot be kept in step with their source",
          "Give a URL, a database or a service, or leave out the interval."
        )
      }
      if (options.collisionStrategy !== undefined || options.twitterCreditsLimit !== undefined) {
        return yield* refuse(
          operation,
          "synchronizations know no collisionStrategy and no twitterCreditsLimit",
          "Leave them out, or the interval."
        )
      }
      const datasets = yield* synchronized(operation, source, options)
      return yield* Effect.forEach(datasets, (dataset) => withPrivacy(operation, dataset, options.privacy))
    }),

    copy: Effect.fnUntraced(function* (operation: string, idOrName: string, newName: string) {
      yield* visualizing.mayWrite(operation)
      const original = yield* find(operation, idOrName)
      const source = ImportSource.table(original.name, { name: newName })
      const [copy] = yield* imported<never, never>(operation, source, {})
      if (copy === undefined) {
        return yield* unheeded(operation, "the server made no copy", "Look at the list of datasets, and try again.")
      }
      const { attributions, description, license, tags } = original
      return yield* visualizing.update(operation, copy, { attributions, description, license, tags })
    }),

    /** The dataset as soon as the list has it. */
    listed: (operation: string, name: string, options?: Omit<PollOptions, "onInterrupt">) => {
      const search = isPlain(name) ? name : undefined
      const read = visualizing.list(operation, { types: ["table"], search, shared: "no", include: ["table"] }).pipe(
        Stream.filter((dataset) => dataset.name === name),
        Stream.take(1),
        Stream.runCollect
      )
      const work: Poll.Work<ReadonlyArray<Visualization>> = {
        operation,
        read,
        cancel: Effect.void,
        state: ([dataset]) => dataset?.id ?? "",
        isOver: ([dataset]) => dataset !== undefined,
        stalledAfter: listedAfter,
        stalled: (_, after) =>
          new CartoError({
            operation,
            reason: new TimeoutError({
              message: `the table ${JSON.stringify(name)} is ready, but the list of datasets does not have it yet`,
              after
            })
          })
      }
      return Effect.flatMap(Poll.wait(work, options), ([dataset]) =>
        dataset === undefined ? Effect.die("the wait is over before the dataset is listed") : Effect.succeed(dataset)
      )
    },

    /** Tables of an import, quoted; their datasets are deleted with the scope. */
    imported: <E, R>(operation: string, { options, source }: ImportedRows<E, R>) =>
      Effect.acquireRelease(
        imported(operation, source, options),
        (datasets) =>
          Effect.forEach(datasets, ({ id, name }) =>
            Effect.catch(visualizing.remove(operation, id), (error) =>
              Effect.logWarning(`The dataset ${name} of the import could not be deleted: ${error.message}`)
            )
          ),
        { interruptible: true }
      ).pipe(Effect.map((datasets) => datasets.map(({ name }) => Literal.identifier(name))))
  }
}

const isSynchronizable = <E, R>(source: ImportSource.ImportSource<E, R>): source is SynchronizationSource =>
  source._tag === "Url" || source._tag === "Database" || source._tag === "Service" || source._tag === "Library"
