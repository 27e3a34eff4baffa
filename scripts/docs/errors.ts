/** The reasons of `CartoError` as a chapter of docs/errors.md: from their classes, and what is said of each in the source. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as core from "@effect-carto/core"

const folder = join(import.meta.dirname, "../../packages/core/src")

/** Some reasons have a file of their own. */
const source = readdirSync(folder)
  .filter((file) => file.endsWith("Error.ts"))
  .map((file) => readFileSync(join(folder, file), "utf8"))
  .join("\n")

/** The comment right before a class. */
const comments = new Map(
  [...source.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export class (\w+)/g)].map(([, comment = "", name = ""]) => [
    name,
    comment
      .replace(/^\s*\* ?/gm, " ")
      .replace(/\s+/g, " ")
      .trim()
  ])
)

/** The comment right before a member, within its class. */
const memberComments = (name: string): ReadonlyMap<string, string> => {
  const body = source.slice(source.indexOf(`export class ${name} `)).split("\nexport ")[0] ?? ""
  return new Map(
    [...body.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(\w+):/g)].map(([, comment = "", member = ""]) => [
      member,
      comment
        .replace(/^\s*\* ?/gm, " ")
        .replace(/\s+/g, " ")
        .trim()
    ])
  )
}

const escaped = (text: string): string => text.replaceAll("|", "\\|")

const names = core.CartoErrorReason.members.map((member) => member.identifier.replace(/^.*\//, ""))

const section = (name: string, fields: ReadonlyArray<string>): ReadonlyArray<string> => {
  const said = memberComments(name)
  return [
    `### \`${name}\``,
    "",
    comments.get(name) ?? "",
    "",
    "| member | |",
    "| --- | --- |",
    ...fields
      .filter((field) => field !== "_tag")
      .map((field) => `| \`${field}\` | ${escaped(said.get(field) ?? common[field] ?? "")} |`),
    ""
  ]
}

/** What several of them have. */
const common: Readonly<Record<string, string>> = {
  message: "The server's own words, or ours where no server spoke",
  status: "Of the answer",
  detail: "PostgreSQL's DETAIL",
  hint: "PostgreSQL's HINT",
  advice: "What to do",
  remedy: "What to do"
}

export const errorChapter = (): string =>
  core.CartoErrorReason.members
    .flatMap((member, index) => section(names[index] ?? "", Object.keys(member.fields)))
    .join("\n")
