/** Passwords of users. Nobody logs in with one here, but the application asks for it before it changes an account. */
import * as Redacted from "effect/Redacted"
import { passwordHash } from "../passwordHash.ts"
import type { Person } from "./Person.ts"

/** The well-known password of a local account. It opens nothing but this emulator. */
export const localPassword = Redacted.make("local-password")

/** Some of the passwords that everybody tries first. */
const common = new Set(["123456", "1234567", "12345678", "123456789", "password", "qwerty", "abc123", "111111"])

/** What is wrong with a new password, without its field's name. */
export const passwordProblems = (password: string, username: string): ReadonlyArray<string> => [
  ...(password.length < 6 ? ["must be at least 6 characters long"] : []),
  ...(password.length > 64 ? ["must be at most 64 characters long"] : []),
  ...(password === username ? ["must be different than the user name"] : []),
  ...(common.has(password) ? ["can't be a common password"] : [])
]

/** What is kept in place of a user's password. */
export const userPasswordHash = (username: string, password: string): string =>
  passwordHash(`user:${username}`, password)

/** Whether it is the person's; who never got one has the local one. */
export const isPasswordOf = ({ password_hash, username }: Person, password: string): boolean =>
  userPasswordHash(username, password) === (password_hash ?? userPasswordHash(username, Redacted.value(localPassword)))
