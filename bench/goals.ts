/** Kinds of goals. */
import type { Goal, Results } from "./Benchmark.ts"
import { median, megabytes, range } from "./statistics.ts"

const twoDigits = (value: number): string => value.toFixed(2)

/** `variant` does at least `factor` times as much per second as the baseline. */
export const speed = (variant: string, factor: number, of: string): Goal => ({
  what: `speed of ${variant}`,
  mustReach: `at least ${factor} of ${of}`,
  judge: (results) => {
    const found = results.get(variant)
    if (found === undefined) return undefined
    const ratio = median(found.ratios)
    return { reached: twoDigits(ratio), spread: range(found.ratios, twoDigits), holds: ratio >= factor }
  }
})

/** One run of `variant` takes at most `factor` times as long as one of the baseline. */
export const latency = (variant: string, factor: number, of: string): Goal => ({
  what: `time of ${variant}`,
  mustReach: `at most ${factor} of ${of}`,
  judge: (results) => {
    const found = results.get(variant)
    if (found === undefined) return undefined
    const times = found.ratios.map((ratio) => 1 / ratio)
    const time = median(times)
    return { reached: twoDigits(time), spread: range(times, twoDigits), holds: time <= factor }
  }
})

/** One run of `variant` takes at most so many milliseconds longer than one of `other`. */
export const delay = (variant: string, milliseconds: number, other: string): Goal => ({
  what: `time of ${variant}`,
  mustReach: `at most ${other} + ${milliseconds} ms`,
  judge: compare(variant, other, (found, base) => {
    const delays = found.seconds.map((seconds, round) => 1000 * (seconds - (base.seconds[round] ?? Number.NaN)))
    const show = (value: number) => `${value < 0 ? "" : "+"}${Math.round(value)} ms`
    return { reached: show(median(delays)), spread: range(delays, show), holds: median(delays) <= milliseconds }
  })
})

/** One run of `variant` takes at most so many milliseconds. */
export const within = (variant: string, milliseconds: number): Goal => ({
  what: `time of ${variant}`,
  mustReach: `at most ${milliseconds} ms`,
  judge: (results) => {
    const found = results.get(variant)
    if (found === undefined) return undefined
    const show = (seconds: number) => `${Math.round(1000 * seconds)} ms`
    const time = median(found.seconds)
    return { reached: show(time), spread: range(found.seconds, show), holds: 1000 * time <= milliseconds }
  }
})

/** One run of `variant` takes at most so many seconds of the processor. */
export const processor = (variant: string, seconds: number, unit: string): Goal => ({
  what: `processor time of ${variant}`,
  mustReach: `at most ${seconds} s per ${unit}`,
  judge: (results) => {
    const found = results.get(variant)
    if (found === undefined) return undefined
    const show = (value: number) => `${twoDigits(value)} s`
    const time = median(found.cpuSeconds)
    return { reached: show(time), spread: range(found.cpuSeconds, show), holds: time <= seconds }
  }
})

/** `variant` takes at most so many bytes of memory more than `other`. */
export const memoryBeside = (variant: string, bytes: number, other: string): Goal => ({
  what: `memory of ${variant}`,
  mustReach: `at most that of ${other} + ${megabytes(bytes)}`,
  judge: comparePeaks(variant, other, (more) => more <= bytes)
})

/** The memory of `variant` differs from that of `other` by so many bytes at most. */
export const memoryLike = (variant: string, bytes: number, other: string): Goal => ({
  what: `memory of ${variant}`,
  mustReach: `that of ${other}, within ${megabytes(bytes)}`,
  judge: comparePeaks(variant, other, (more) => Math.abs(more) <= bytes)
})

/** `variant` takes at most so many bytes of memory. */
export const memory = (variant: string, bytes: number): Goal => ({
  what: `memory of ${variant}`,
  mustReach: `at most ${megabytes(bytes)}`,
  judge: (results) => {
    const found = results.get(variant)
    if (found === undefined) return undefined
    const peak = median(found.peaks)
    return { reached: megabytes(peak), spread: range(found.peaks, megabytes), holds: peak <= bytes }
  }
})

/** `variant` checks what it did by itself, and fails if it is not right. */
export const right = (variant: string, what: string): Goal => ({
  what,
  mustReach: "equal",
  judge: (results) => {
    const found = results.get(variant)
    return found === undefined
      ? undefined
      : { reached: "equal", spread: `${found.seconds.length} of them`, holds: true }
  }
})

const compare =
  (
    variant: string,
    other: string,
    verdict: (found: Results, base: Results) => ReturnType<Goal["judge"]>
  ): Goal["judge"] =>
  (results) => {
    const found = results.get(variant)
    const base = results.get(other)
    return found === undefined || base === undefined ? undefined : verdict(found, base)
  }

const comparePeaks = (variant: string, other: string, holds: (more: number) => boolean) =>
  compare(variant, other, (found, base) => ({
    reached: `${megabytes(median(found.peaks))} against ${megabytes(median(base.peaks))}`,
    spread: `${range(found.peaks, megabytes)} against ${range(base.peaks, megabytes)}`,
    holds: holds(median(found.peaks) - median(base.peaks))
  }))
