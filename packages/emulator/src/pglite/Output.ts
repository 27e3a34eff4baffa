/** Carries what PostgreSQL sends to the main thread, and holds PostgreSQL back while nobody reads. */
import { Control, type FromWorker, outputWindow } from "./protocol.ts"

export interface Output {
  readonly write: (bytes: Uint8Array) => void
  readonly flush: () => void
}

/** PostgreSQL writes 8 KB at a time: larger pieces cost less per row, smaller ones arrive sooner. */
const pieceSize = 64 * 1024

export const make = (
  jobId: number,
  control: Int32Array,
  post: (message: FromWorker, transfer: ReadonlyArray<ArrayBuffer>) => void
): Output => {
  let piece = new Uint8Array(pieceSize)
  let length = 0

  const flush = (): void => {
    if (length === 0) return
    const buffer = length === pieceSize ? piece.buffer : piece.buffer.slice(0, length)
    Atomics.add(control, Control.unread, length)
    post({ _tag: "Output", bytes: buffer }, [buffer])
    if (length === pieceSize) piece = new Uint8Array(pieceSize)
    length = 0
    for (;;) {
      const unread = Atomics.load(control, Control.unread)
      // A cancelled statement must not wait for its reader: it ends at its next row.
      if (unread <= outputWindow || Atomics.load(control, Control.cancelled) === jobId) return
      Atomics.wait(control, Control.unread, unread)
    }
  }

  const write = (bytes: Uint8Array): void => {
    let from = 0
    while (from < bytes.length) {
      const count = Math.min(bytes.length - from, pieceSize - length)
      piece.set(bytes.subarray(from, from + count), length)
      length += count
      from += count
      if (length === pieceSize) flush()
    }
  }

  return { write, flush }
}
