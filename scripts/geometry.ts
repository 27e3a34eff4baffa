/** Rings that TopoJSON has joined across the 180th meridian, for maps that draw straight from point to point. */

type Position = ReadonlyArray<number>

const round = (degrees: number): number => Math.round(degrees * 100) / 100

/** A ring that goes on beyond 180 degrees; one around a pole is closed along it. */
export const unwrapped = (ring: ReadonlyArray<Position>): ReadonlyArray<Position> => {
  let turn = 0
  let before = ring[0]?.[0] ?? 0
  const points = ring.map(([x = 0, y = 0]) => {
    if (x - before > 180) turn -= 360
    if (before - x > 180) turn += 360
    before = x
    return [round(x + turn), round(y)]
  })
  const [first] = points
  const last = points.at(-1)
  if (first === undefined || last === undefined || turn === 0) return points
  const pole = (first[1] ?? 0) < 0 ? -90 : 90
  return [...points, [last[0] ?? 0, pole], [first[0] ?? 0, pole], first]
}
