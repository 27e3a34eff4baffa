/** The chapters that are written by a program, and where they stand: between two comments of their page. */
import { Effect } from "effect"
import { commandChapter } from "./commands.ts"
import { errorChapter } from "./errors.ts"

export interface Chapter {
  readonly page: string
  readonly name: string
  readonly text: Effect.Effect<string>
}

export const chapters: ReadonlyArray<Chapter> = [
  { page: "docs/cli.md", name: "commands", text: commandChapter },
  { page: "docs/errors.md", name: "reasons", text: Effect.sync(errorChapter) }
]

/** The page with the chapter as it is now. */
export const withChapter = (page: string, name: string, text: string): string => {
  const [start, end] = [`<!-- ${name}: written by npm run docs -->\n`, `<!-- end of ${name} -->`]
  const [before, after] = [page.indexOf(start), page.indexOf(end)]
  if (before < 0 || after < 0) throw new Error(`there is no place for ${name}`)
  return `${page.slice(0, before + start.length)}\n${text.trim()}\n\n${page.slice(after)}`
}
