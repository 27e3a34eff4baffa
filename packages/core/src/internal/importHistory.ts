/** What this client sees of its own imports: it tells the datasets of one from those of others that appear beside them. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { ImportOutcome } from "../Import.ts"

/** What is known of an import's life when it has ended. Datasets are told by the ids of their tables. */
export interface Life {
  /** Milliseconds since before it was started. */
  readonly elapsed: number
  /** Of the import that was last seen to end before this one began: nothing as old as that is of this one. */
  readonly before: string | undefined
  /** Of imports that were seen to end since. */
  readonly meanwhile: ReadonlySet<string>
}

interface Entry {
  began: number
  before: string | undefined
  readonly meanwhile: Set<string>
}

export interface Running {
  /** It begins now: again, where the server has refused it before. */
  readonly begin: Effect.Effect<void>
  readonly life: Effect.Effect<Life>
}

export interface ImportHistory {
  /** Keeps an eye on the others while `use` runs. */
  readonly beside: <A, E, R>(use: (running: Running) => Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  readonly ended: (outcome: ImportOutcome) => Effect.Effect<void>
}

export const make = (): ImportHistory => {
  const entries = new Set<Entry>()
  let last: string | undefined

  const running = (entry: Entry): Running => ({
    begin: Effect.map(Clock.currentTimeMillis, (now) => {
      entry.began = now
      entry.before = last
      entry.meanwhile.clear()
    }),
    life: Effect.map(Clock.currentTimeMillis, (now) => ({
      elapsed: now - entry.began,
      before: entry.before,
      meanwhile: entry.meanwhile
    }))
  })

  return {
    beside: (use) =>
      Effect.acquireUseRelease(
        Effect.sync(() => {
          const entry: Entry = { began: 0, before: undefined, meanwhile: new Set() }
          entries.add(entry)
          return entry
        }),
        (entry) => use(running(entry)),
        (entry) => Effect.sync(() => entries.delete(entry))
      ),
    ended: (outcome) =>
      Effect.sync(() => {
        const [named, ...others] = outcome.datasets
        const isCertain = outcome._tag === "Imported" && outcome.isCertain
        last = named?.table_id ?? last
        for (const dataset of [named, ...(isCertain ? others : [])]) {
          if (dataset?.table_id === undefined) continue
          for (const { meanwhile } of entries) meanwhile.add(dataset.table_id)
        }
      })
  }
}
