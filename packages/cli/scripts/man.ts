/** The manual page, `man carto`: what `--help` says of all commands, in roff. */
import { Effect, Option } from "effect"
import type { HelpDoc } from "effect/cli"
import { helpOf, paths } from "../../../scripts/docs/commands.ts"

/** A dot or an apostrophe at the beginning of a line would be a request, a hyphen no minus, a backslash no backslash. */
const escaped = (text: string): string =>
  text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^(?=[.'])/gm, "\\&")

const tagged = (tag: string, text: string): string => `.TP\n\\fB${escaped(tag)}\\fR\n${escaped(text)}`

const flag = ({ aliases, description, name, type }: HelpDoc.FlagDoc): string =>
  tagged(
    [...aliases, `--${name}`].join(", ") + (type === "boolean" ? "" : ` ${type}`),
    Option.getOrElse(description, () => "")
  )

const example = ({ command, description }: HelpDoc.ExampleDoc): string =>
  `.PP\n${description === undefined ? "" : `${escaped(description)}\n`}.nf\n    ${escaped(command)}\n.fi`

const command = (path: ReadonlyArray<string>, doc: HelpDoc.HelpDoc): string =>
  [
    `.SS ${escaped(["carto", ...path].join(" "))}`,
    escaped(doc.description),
    ".PP",
    `\\fB${escaped(doc.usage)}\\fR`,
    ...(doc.args ?? []).map((arg) =>
      tagged(
        arg.name,
        Option.getOrElse(arg.description, () => "")
      )
    ),
    ...doc.flags.map(flag),
    ...(doc.examples ?? []).map(example)
  ].join("\n")

export const manual = (version: string): Effect.Effect<string> =>
  Effect.gen(function* () {
    const root = yield* helpOf([])
    const commands = yield* Effect.forEach(paths().slice(1), (path) =>
      Effect.map(helpOf(path), (doc) => ({ path, doc }))
    )
    const [about = "", ...rest] = root.description.split("\n").map((line) => line.trim())
    return `${[
      `.TH CARTO 1 "" "carto ${version}" "User commands"`,
      ".SH NAME",
      `carto \\- ${escaped(about.replace(/\.$/, "").replace(/^[A-Z]/, (letter) => letter.toLowerCase()))}`,
      ".SH SYNOPSIS",
      "\\fBcarto\\fR COMMAND [FLAGS]",
      ".SH DESCRIPTION",
      ...rest.filter((line) => line !== "").map((line) => `${escaped(line)}\n.br`),
      ".SH FLAGS OF EVERY COMMAND",
      ...root.flags.map(flag),
      ".SH COMMANDS",
      ...commands
        .filter(({ doc }) => doc.subcommands === undefined || doc.subcommands.length === 0)
        .map(({ doc, path }) => command(path, doc)),
      ".SH SEE ALSO",
      "https://github.com/effect\\-carto/effect\\-carto"
    ].join("\n")}\n`
  })
