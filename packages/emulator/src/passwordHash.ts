/** What is kept in place of a password. `of` tells whose it is, so that two with one password are not alike. */
import { createHash } from "node:crypto"

export const passwordHash = (of: string, password: string): string =>
  createHash("sha256").update(`${of}:${password}`).digest("hex")
