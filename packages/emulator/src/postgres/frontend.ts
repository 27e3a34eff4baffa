/** Messages that a PostgreSQL client sends (frontend/backend protocol 3.0), only those that a simple query and COPY need. */

/** Each message has memory of its own, so that it can be transferred to another thread. */
const message = (type: string, body: Uint8Array): Buffer<ArrayBuffer> => {
  const bytes = Buffer.allocUnsafeSlow(5 + body.length)
  bytes.write(type, 0, "latin1")
  bytes.writeInt32BE(4 + body.length, 1)
  bytes.set(body, 5)
  return bytes
}

/** A C string. PostgreSQL ends text at the first NUL, so text behind one would be lost without a word. */
const terminated = (text: string): Buffer => Buffer.from(`${text}\0`)

export const query = (sql: string): Buffer<ArrayBuffer> => message("Q", terminated(sql))

/** One piece of COPY FROM STDIN; PostgreSQL holds a whole message in memory, so keep it small. */
export const copyData = (bytes: Uint8Array): Buffer<ArrayBuffer> => message("d", bytes)

export const copyDone = (): Buffer<ArrayBuffer> => message("c", Buffer.alloc(0))

/** Makes PostgreSQL raise `COPY from stdin failed: <reason>` and undo the COPY. */
export const copyFail = (reason: string): Buffer<ArrayBuffer> => message("f", terminated(reason))

const largestPiece = 256 * 1024

/** Cuts a piece of COPY input so that each part fits a message of moderate size. */
export const pieces = function* (bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += largestPiece) yield bytes.subarray(at, at + largestPiece)
}
