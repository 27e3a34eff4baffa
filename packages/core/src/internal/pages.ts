/** Lists that the server gives page by page, as one stream (platform reference, §5). */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { CartoError } from "../CartoError.ts"

export interface Page<A> {
  readonly items: ReadonlyArray<A>
  /** How many match in all, where the server tells it. */
  readonly total?: number | undefined
}

export interface Pages<A> {
  /** The first page is 1. */
  readonly read: (page: number) => Effect.Effect<Page<A>, CartoError>
  /** Items with the same identity are the same: they move between pages when something changes meanwhile. */
  readonly identity: (item: A) => string
}

/** A list that never rests is not followed for ever. */
const mostPasses = 3
/** So many pages in a row without news end a pass, beside those that an earlier pass has told already. */
const mostStale = 3

/**
 * Each item once, asked for as it is pulled.
 *
 * An empty page ends a pass, and so do one that repeats the page before and too many without news. Where others vanish
 * meanwhile, items slip to pages that were read already: another pass finds them when the server's count changed or is
 * not reached.
 */
export const pages = <A>({ identity, read }: Pages<A>): Stream.Stream<A, CartoError> =>
  Stream.suspend(() => {
    const known = new Set<string>()
    let pass = 1
    let knownBefore = 0
    let total: number | undefined
    let isChanged = false
    let pageBefore = ""
    let stale = 0
    let told = 0

    return Stream.paginate(1, (page) =>
      Effect.map(read(page), (answer) => {
        const fresh = answer.items.filter((item) => known.size < known.add(identity(item)).size)
        const ids = JSON.stringify(answer.items.map(identity))
        isChanged ||= total !== undefined && answer.total !== total
        total = answer.total
        stale = fresh.length > 0 ? 0 : stale + 1
        if (answer.items.length > 0 && ids !== pageBefore && stale <= told + mostStale) {
          pageBefore = ids
          return [fresh, Option.some(page + 1)] as const
        }
        const isLacking = isChanged || (known.size < (total ?? 0) && known.size > knownBefore)
        if (!isLacking || pass === mostPasses) return [fresh, Option.none()] as const
        pass += 1
        knownBefore = known.size
        told = Math.max(told, page)
        stale = 0
        isChanged = false
        pageBefore = ""
        return [fresh, Option.some(1)] as const
      })
    )
  })
