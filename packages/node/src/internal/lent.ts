/**
 * Memory that is used again. Every fresh piece is garbage as soon as it was sent, and Node lets some 60 MB of such
 * garbage gather before it collects; clearing it also takes a third of an upload's time.
 *
 * A piece is valid until someone gives it back: who copied it, or the connection, when the operating system has its
 * bytes. Who never gives back is always right; only who keeps a piece beside an upload of it must copy.
 */

const owners = new WeakMap<Uint8Array, () => void>()

/** A piece may be given back once. Pieces that nobody lent are left to the collector. */
export const giveBack = (piece: Uint8Array): void => {
  const owner = owners.get(piece)
  owners.delete(piece)
  owner?.()
}

export interface Lender {
  /** Reads into memory of `size` bytes and lends what was read of it. */
  readonly take: () => Uint8Array<ArrayBuffer>
  readonly lend: (memory: Uint8Array<ArrayBuffer>, length: number) => Uint8Array
}

export const lender = (size: number): Lender => {
  const free: Array<Uint8Array<ArrayBuffer>> = []
  return {
    take: () => free.pop() ?? Buffer.allocUnsafeSlow(size),
    lend: (memory, length) => {
      const piece = memory.subarray(0, length)
      owners.set(piece, () => free.push(memory))
      return piece
    }
  }
}
