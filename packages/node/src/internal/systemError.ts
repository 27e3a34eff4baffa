/** The words for what the system refused to do with a file. */
import type { CartoError } from "@effect-carto/core/CartoError"
import * as Predicate from "effect/Predicate"
import { invalid } from "./invalid.ts"

/** `cannot read "a.csv": there is no such file or directory`. */
export const refused =
  (operation: string, verb: string, path: string, consequence = "") =>
  (error: unknown): CartoError => {
    const { because, advice } = describe(error)
    return invalid(operation, `cannot ${verb} "${path}": ${because}${consequence}`, advice)
  }

/** The system's code, such as `ENOENT`. */
export const codeOf = (error: unknown): string | undefined =>
  Predicate.hasProperty(error, "code") && Predicate.isString(error.code) ? error.code : undefined

export const describe = (error: unknown): { readonly because: string; readonly advice: string } => {
  const code = codeOf(error)
  const words = code === undefined ? undefined : known[code]
  if (words !== undefined) return words
  const because = Predicate.isError(error) ? error.message : String(error)
  return { because, advice: "Check the file and its directory." }
}

const rights = "Check the rights of the file and of its directory."
const space = "Free some space or choose another disk."

const known: Readonly<Record<string, { readonly because: string; readonly advice: string }>> = {
  ENOENT: { because: "there is no such file or directory", advice: "Check the path." },
  ENOTDIR: { because: "a part of the path is no directory", advice: "Check the path." },
  EISDIR: { because: "it is a directory", advice: "Name a file." },
  EACCES: { because: "permission denied", advice: rights },
  EPERM: { because: "the operation is not permitted", advice: rights },
  EROFS: { because: "the file system is read-only", advice: "Choose another directory." },
  ENOSPC: { because: "no space is left on the disk", advice: space },
  EDQUOT: { because: "the disk quota is used up", advice: space },
  EFBIG: { because: "the file would be larger than the system allows", advice: space },
  ENAMETOOLONG: { because: "the name is too long", advice: "Choose a shorter name." },
  ELOOP: { because: "its symbolic links go in a circle", advice: "Check the path." },
  EMFILE: { because: "too many files are open", advice: "Open fewer at once, or raise the limit." },
  EIO: { because: "the device failed", advice: "Check the disk." }
}
