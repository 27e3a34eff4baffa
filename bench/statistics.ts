/** Medians, because a machine that others use too gives outliers. */

export const sorted = (values: ReadonlyArray<number>): ReadonlyArray<number> => [...values].sort((a, b) => a - b)

/** The value that `share` of all values are not above. */
export const quantile = (values: ReadonlyArray<number>, share: number): number => {
  const ordered = sorted(values)
  const position = (ordered.length - 1) * share
  const below = ordered[Math.floor(position)] ?? Number.NaN
  const above = ordered[Math.ceil(position)] ?? Number.NaN
  return below + (above - below) * (position - Math.floor(position))
}

export const median = (values: ReadonlyArray<number>): number => quantile(values, 0.5)

export const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`

/** From the smallest to the largest. */
export const range = (values: ReadonlyArray<number>, show: (value: number) => string): string =>
  `${show(quantile(values, 0))} to ${show(quantile(values, 1))}`
