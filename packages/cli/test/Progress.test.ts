import { assert, describe, it } from "@effect/vitest"
import { Duration } from "effect"
import { type Amount, line } from "../src/Progress.ts"

type Case = readonly [amount: Amount, seconds: number, total: number | undefined, columns: number, expected: string]

const tiles = { done: 120, all: 341 }

describe("the progress line", () => {
  const figures: ReadonlyArray<Case> = [
    [{ bytes: 5_200_000 }, 2, 10_400_000, 50, "5.2 MB of 10.4 MB (50%)  2.6 MB/s"],
    [{ bytes: 100, rows: 1234 }, 2, undefined, 120, "100 B  1,234 rows  50 B/s"],
    [{ bytes: 0 }, 0, 0, 120, "0 B"],
    [{ bytes: 5_000, tiles }, 2, undefined, 50, "120 of 341 tiles (35%)  5.0 kB  2.5 kB/s  60 tile…"],
    [{ bytes: 41, label: "a.csv" }, 0, 82, 12, "a.csv  41 B…"]
  ]
  for (const [amount, seconds, total, columns, expected] of figures) {
    it(`of ${columns} columns is ${expected}`, () => {
      assert.strictEqual(line(amount, Duration.seconds(seconds), total, columns), expected)
    })
  }

  const bars: ReadonlyArray<Case> = [
    [{ bytes: 0 }, 0, 100, 79, "[>                   ]  0 B of 100 B (0%)"],
    [{ bytes: 52 }, 0, 100, 79, "[==========>         ]  52 B of 100 B (52%)"],
    [{ bytes: 100 }, 0, 100, 79, "[====================]  100 B of 100 B (100%)"],
    [{ bytes: 200 }, 0, 100, 79, "[====================]  200 B of 100 B (100%)"],
    [{ bytes: 10, label: "a.csv" }, 0, 100, 79, "a.csv  [==>                 ]  10 B of 100 B (10%)"],
    [{ bytes: 5_000, tiles }, 0, undefined, 79, "[=======>            ]  120 of 341 tiles (35%)  5.0 kB"],
    [{ bytes: 52, rows: 1_000_000 }, 5, 100, 59, "[=====>    ]  52 B of 100 B (52%)  1,000,000 rows  10 B/s"],
    [{ bytes: 52 }, 0, 100, 58, "52 B of 100 B (52%)"]
  ]
  for (const [amount, seconds, total, columns, expected] of bars) {
    it(`of ${columns} columns draws ${expected}`, () => {
      assert.strictEqual(line(amount, Duration.seconds(seconds), total, columns), expected)
    })
  }
})
