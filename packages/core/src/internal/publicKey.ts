/** The key of everybody: with it, or without any, a client sees what is public (platform reference, §2.1). */
import * as Redacted from "effect/Redacted"

const text = "default_public"

export const publicKey = Redacted.make(text)

/** What is no secret may stand in texts and addresses. */
export const isPublicKey = (key: string): boolean => key === text
