/** Whether statements leave a transaction open: it would take in the requests of others on the same connection, and be lost. */
import type { Statement } from "../SqlText.ts"

const ends = new Set(["COMMIT", "END", "ROLLBACK", "ABORT"])
/** What these keep open, or open again: a savepoint, the next transaction. */
const goesOn = /\bto\b|\band\s+chain\b/i

/** Connections are pooled and not reset (SQL reference, §6.4). */
export const leavesTransactionOpen = (statements: ReadonlyArray<Statement>): boolean =>
  statements.reduce((isOpen, { keyword, text }) => {
    if (keyword === "BEGIN" || keyword === "START") return true
    if (keyword === "PREPARE" && /^prepare\s+transaction\b/i.test(text)) return false
    return ends.has(keyword) && !goesOn.test(text) ? false : isOpen
  }, false)
