/** A protocol "message" whose bytes are made while PostgreSQL reads them: the way into PGlite for COPY FROM STDIN. */

/**
 * `execProtocolRawSync` asks its message for `[0]`, `length` and `subarray(from, to)` with `from` only growing.
 *
 * @param first the query
 * @param next blocks until there is another message; called only when PostgreSQL wants to read it
 * @param isReading whether PostgreSQL is inside its main loop. Outside, asking for `length` must not wait for input:
 *   a statement that failed early takes no more.
 */
export const pullMessage = (first: Buffer, next: () => Buffer, isReading: () => boolean): Uint8Array => {
  let consumed = 0
  let offset = 0
  let current = first

  const length = (): number => {
    if (consumed === offset + current.length && isReading()) {
      offset = consumed
      current = next()
    }
    return offset + current.length
  }

  const subarray = (from: number, to: number): Uint8Array => {
    consumed = to
    return current.subarray(from - offset, to - offset)
  }

  return new Proxy(new Uint8Array(first.subarray(0, 1)), {
    get: (target, key) => (key === "length" ? length() : key === "subarray" ? subarray : Reflect.get(target, key))
  })
}
