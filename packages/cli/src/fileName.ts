/** Names of tables and maps as names of files: they are free text, and may hold what a file's may not. */
import { createHash } from "node:crypto"

/** Readable, and harmless; two names may give the same. */
export const plainName = (name: string): string =>
  shortened(name)
    .replace(/^"(.*)"$/s, "$1")
    .replace(/[/\\:*?"<>|\p{Cc}]+/gu, "_")
    .replace(/^\.+/, "")
    // Windows drops them at the end.
    .replace(/[. ]+$/, "") || "unnamed"

/** Leaves room for an extension and a mark within the 255 bytes of common file systems. */
const mostBytes = 150

const shortened = (name: string): string => {
  let kept = ""
  let bytes = 0
  for (const letter of name) {
    bytes += Buffer.byteLength(letter)
    if (bytes > mostBytes) break
    kept += letter
  }
  return kept
}

/** The devices of Windows. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/** Another for every name, also where letters count only by their sound: `A` and `a`, composed and decomposed. */
export const uniqueName = (name: string): string => {
  const plain = plainName(name)
  return plain === name && name === name.normalize("NFC").toLowerCase() && !reserved.test(name)
    ? name
    : `${plain}-${createHash("sha256").update(name).digest("hex").slice(0, 12)}`
}
