/** One line on standard error that says how far a transfer is; only on a terminal, and gone when the transfer is. */
import * as Clock from "effect/Clock"
import * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as Terminal from "effect/Terminal"
import { cut, width } from "./format/Cell.ts"
import * as Quantity from "./format/Quantity.ts"
import { Settings } from "./Settings.ts"

/** How much has gone by so far. */
export interface Amount {
  /** What the line begins with. */
  readonly label?: string | undefined
  readonly bytes: number
  readonly rows?: number | undefined
  readonly tiles?: { readonly done: number; readonly all: number } | undefined
}

export type Report = (amount: Amount) => Effect.Effect<void>

export interface ProgressOptions {
  /** Bytes to come in all, where they are known. */
  readonly total?: number | undefined
  /** Whether the data itself is shown on the terminal, where a moving line would tear it apart. */
  readonly isShown: boolean
}

const everyMillis = 100
/** Where standard output is no terminal, nobody tells how wide that of standard error is. */
const usualColumns = 80
/** Back to the first column, and nothing left of the line. */
const erase = "\r\x1b[2K"

/** What to call with each amount; the line is taken away when the scope ends. */
export const make = Effect.fnUntraced(function* (
  options: ProgressOptions
): Effect.fn.Return<Report, never, Scope.Scope | Settings | Stdio.Stdio | Terminal.Terminal> {
  const stdio = yield* Stdio.Stdio
  const { quiet } = yield* Settings
  const isVisible = !quiet && !options.isShown && !(yield* isDumb) && (yield* stdio.stderrIsTerminal)
  if (!isVisible) return () => Effect.void

  const draw = (text: string) => Effect.ignore(Stream.run(Stream.make(text), stdio.stderr()))
  const terminal = yield* Terminal.Terminal
  const start = yield* Clock.currentTimeMillis
  let next = start
  yield* Effect.addFinalizer(() => (next === start ? Effect.void : draw(erase)))
  return (amount) =>
    Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      if (now < next) return
      next = now + everyMillis
      const columns = (yield* terminal.columns) || usualColumns
      // What ran over into a second line could not be erased.
      const text = line(amount, Duration.millis(now - start), options.total, columns - 1)
      // The cursor goes back to the first column, so that a message in between is written over the line.
      yield* draw(`${erase}${text}\r`)
    })
})

const isDumb = Effect.orDie(
  Config.String("TERM").pipe(
    Config.map((term) => term === "dumb"),
    Config.withDefault(false)
  )
)

/**
 * `[=====>    ]  5.2 MB of 10.0 MB (52%)  1,234 rows  2.1 MB/s`, or `120 of 341 tiles (35%)  5.2 MB  2.1 MB/s`. The bar is
 * left away where there is not room for all of the text beside it.
 */
export const line = (
  amount: Amount,
  elapsed: Duration.Duration,
  total: number | undefined,
  columns: number
): string => {
  const share = shareOf(amount, total)
  const label = amount.label === undefined ? [] : [amount.label]
  const figures = words(amount, elapsed, total, share)
  const text = [...label, ...figures].join(gap)
  const size =
    columns < leastColumns ? undefined : barSizes.find((cells) => cells + 2 + gap.length + width(text) <= columns)
  return share === undefined || size === undefined
    ? cut(text, columns)
    : [...label, bar(share, size), ...figures].join(gap)
}

const gap = "  "
/** Of a terminal of 60, whose last one stays free; on a narrower one the figures alone are easier to read. */
const leastColumns = 59
/** Few sizes, so that the bar does not change with each figure behind it. */
const barSizes = [20, 10]

/** From 0 to 1; undefined where nobody knows how much is to come. */
const shareOf = ({ bytes, tiles }: Amount, total: number | undefined): number | undefined => {
  const [done, all] = tiles === undefined ? [bytes, total ?? 0] : [tiles.done, tiles.all]
  return all > 0 ? Math.min(1, done / all) : undefined
}

const bar = (share: number, cells: number): string => {
  const full = Math.floor(share * cells)
  return `[${`${"=".repeat(full)}>`.slice(0, cells).padEnd(cells)}]`
}

const percent = (share: number): string => `(${Math.floor(share * 100)}%)`

const words = (
  { bytes, rows, tiles }: Amount,
  elapsed: Duration.Duration,
  total: number | undefined,
  share: number | undefined
): ReadonlyArray<string> => {
  const seconds = Duration.toSeconds(elapsed)
  const known = share === undefined ? "" : ` ${percent(share)}`
  return [
    ...(tiles === undefined ? [] : [`${Quantity.count(tiles.done)} of ${Quantity.count(tiles.all)} tiles${known}`]),
    tiles !== undefined || total === undefined || total <= 0
      ? Quantity.bytes(bytes)
      : `${Quantity.bytes(bytes)} of ${Quantity.bytes(total)}${known}`,
    ...(rows === undefined ? [] : [Quantity.rows(rows)]),
    ...(seconds > 0 ? [`${Quantity.bytes(Math.round(bytes / seconds))}/s`] : []),
    ...(seconds > 0 && tiles !== undefined ? [`${Quantity.count(Math.round(tiles.done / seconds))} tiles/s`] : [])
  ]
}
