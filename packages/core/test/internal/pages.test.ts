import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { pages } from "../../src/internal/pages.ts"

/** A list of the server that changes while it is read: `lists[n]` is what it is at the n-th request. */
const read = (lists: ReadonlyArray<ReadonlyArray<string>>, perPage: number, options?: { readonly total?: boolean }) => {
  const asked: Array<number> = []
  const all = pages({
    identity: (item: string) => item,
    read: (page) =>
      Effect.sync(() => {
        const list = lists[Math.min(asked.length, lists.length - 1)] ?? []
        asked.push(page)
        const items = list.slice((page - 1) * perPage, page * perPage)
        return options?.total === true ? { items, total: list.length } : { items }
      })
  })
  return { all, asked }
}

describe("pages", () => {
  it.effect("are read until one is empty", () =>
    Effect.gen(function* () {
      const { all, asked } = read([["a", "b", "c"]], 2)
      assert.deepStrictEqual(yield* Stream.runCollect(all), ["a", "b", "c"])
      assert.deepStrictEqual(asked, [1, 2, 3])
    })
  )

  it.effect("are asked for as they are pulled", () =>
    Effect.gen(function* () {
      const { all, asked } = read([["a", "b", "c", "d"]], 2)
      assert.deepStrictEqual(yield* Stream.runCollect(Stream.take(all, 2)), ["a", "b"])
      assert.deepStrictEqual(asked, [1])
    })
  )

  it.effect("give an item that moved to a later page once", () =>
    Effect.gen(function* () {
      const { all } = read(
        [
          ["a", "b", "c", "d"],
          ["new", "a", "b", "c", "d"],
          ["new", "a", "b", "c", "d"]
        ],
        2
      )
      assert.deepStrictEqual(yield* Stream.runCollect(all), ["a", "b", "c", "d"])
    })
  )

  it.effect("are read again for an item that slipped to a page read before", () =>
    Effect.gen(function* () {
      const { all } = read(
        [
          ["a", "b", "c", "d", "e"],
          ["b", "c", "d", "e"]
        ],
        2,
        { total: true }
      )
      assert.deepStrictEqual(yield* Stream.runCollect(all), ["a", "b", "d", "e", "c"])
    })
  )

  it.effect("end when a server repeats the same page for ever", () =>
    Effect.gen(function* () {
      const asked: Array<number> = []
      const all = pages({
        identity: (item: string) => item,
        read: (page) =>
          Effect.sync(() => {
            asked.push(page)
            return { items: ["a"], total: 99 }
          })
      })
      assert.deepStrictEqual(yield* Stream.runCollect(all), ["a"])
      assert.isBelow(asked.length, 10)
    })
  )

  it.effect("end when a server shuffles the same items for ever", () =>
    Effect.gen(function* () {
      for (const total of [undefined, 99]) {
        const asked: Array<number> = []
        const all = pages({
          identity: (item: string) => item,
          read: (page) =>
            Effect.sync(() => {
              asked.push(page)
              const items = asked.length % 2 === 0 ? ["a", "b"] : ["b", "a"]
              return total === undefined ? { items } : { items, total }
            })
        })
        assert.deepStrictEqual(yield* Stream.runCollect(all), ["b", "a"])
        assert.isBelow(asked.length, 40)
      }
    })
  )

  it.effect("are read again to the end, however many pages without news there are before what slipped", () =>
    Effect.gen(function* () {
      const list = Array.from({ length: 40 }, (_, i) => `item ${i}`)
      const rest = list.slice(1)
      // The item in the middle slips when the first is deleted behind its page.
      const { all } = read([...Array.from({ length: 10 }, () => list), rest], 2, { total: true })
      assert.deepStrictEqual([...(yield* Stream.runCollect(all))].sort(), [...list].sort())
    })
  )
})
