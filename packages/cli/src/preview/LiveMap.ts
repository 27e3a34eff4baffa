/** The map on show, which is made again when its file has changed. */

import type { Bbox } from "@effect-carto/core/Tiles"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import * as Semaphore from "effect/Semaphore"
import type { OpenedMap } from "../OpenedMap.ts"
import { lines } from "../report.ts"
import { type Description, describe } from "./Description.ts"

export interface LoadedMap extends OpenedMap {
  readonly bounds: Bbox | undefined
}

export interface Shown {
  readonly map: OpenedMap
  readonly description: Description
}

export interface State {
  readonly version: number
  /** Why the file as it is now makes no map; the one before stays on show. */
  readonly problem: string | null
}

export interface LiveMap {
  readonly shown: Effect.Effect<Shown>
  /** Looks at the file, and makes the map again where it has changed. */
  readonly refresh: Effect.Effect<State>
}

interface Kept extends Shown {
  readonly changed: number | undefined
  readonly problem: string | null
}

/** `file` is what to look at, undefined for what never changes by itself. */
export const make = Effect.fnUntraced(function* <E, R>(
  load: Effect.Effect<LoadedMap, E, R>,
  file: string | undefined
): Effect.fn.Return<LiveMap, E, R | FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const context = yield* Effect.context<R>()
  const one = yield* Semaphore.make(1)
  const lastChange =
    file === undefined
      ? Effect.undefined
      : fs.stat(file).pipe(
          Effect.map(({ mtime }) => Option.getOrUndefined(Option.map(mtime, (date) => date.getTime()))),
          Effect.orElseSucceed(() => undefined)
        )
  const first = yield* lastChange
  const loaded = yield* load
  const kept = yield* Ref.make<Kept>({ ...shownOf(loaded, 1), changed: first, problem: null })

  const again = (changed: number) =>
    load.pipe(
      Effect.matchCauseEffect({
        onFailure: (cause) => Ref.update(kept, (before) => ({ ...before, changed, problem: words(cause) })),
        onSuccess: (map) =>
          Ref.update(kept, (before) => ({
            ...shownOf(map, before.description.version + 1),
            changed,
            problem: null
          }))
      }),
      Effect.provideContext(context)
    )

  const refresh = Effect.gen(function* () {
    const changed = yield* lastChange
    const before = yield* Ref.get(kept)
    if (changed !== undefined && changed !== before.changed) yield* again(changed)
    const { description, problem } = yield* Ref.get(kept)
    return { version: description.version, problem }
  })

  return { shown: Ref.get(kept), refresh: Semaphore.withPermit(one)(refresh) }
})

const shownOf = (map: LoadedMap, version: number): Shown => ({ map, description: describe(map, map.bounds, version) })

const words = (cause: Cause.Cause<unknown>): string =>
  lines(cause)
    .map((line) => line.replace(/^(error|hint|detail): /, ""))
    .join(" ")
