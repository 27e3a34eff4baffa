/** Help that fits the terminal. */
import * as Arr from "effect/Array"
import * as CliOutput from "effect/cli/CliOutput"
import type * as HelpDoc from "effect/cli/HelpDoc"
import * as Option from "effect/Option"
import { hung, wrap } from "./format/Wrap.ts"

export interface HelpOptions {
  readonly colors: boolean
  /** Columns of the terminal; undefined where the help goes elsewhere, where each description is one line. */
  readonly width: number | undefined
}

/** The text of `--help`, with the global flags at the root only. */
export const text = (doc: HelpDoc.HelpDoc, { colors, width }: HelpOptions): string => {
  if (width === undefined) return format(doc, colors)
  const examples = new Set((doc.examples ?? []).map(({ command }) => command))
  const plain = format(marked(doc), false).split("\n")
  return format(marked(doc), colors)
    .split("\n")
    .flatMap((line, index) => fitted(line, plain[index] ?? line, width, examples))
    .join("\n")
}

const format = (doc: HelpDoc.HelpDoc, colors: boolean): string =>
  CliOutput.defaultFormatter({ colors, globalFlags: "summary" }).formatHelpDoc(doc)

/** Stands before each description, so that the column in which the formatter puts it is known; no text holds one. */
const mark = "\t"

const marked = (doc: HelpDoc.HelpDoc): HelpDoc.HelpDoc => ({
  ...doc,
  flags: doc.flags.map(described),
  ...(doc.globalFlags === undefined ? {} : { globalFlags: doc.globalFlags.map(described) }),
  ...(doc.inheritedFlags === undefined ? {} : { inheritedFlags: doc.inheritedFlags.map(described) }),
  ...(doc.args === undefined ? {} : { args: doc.args.map(described) }),
  ...(doc.subcommands === undefined
    ? {}
    : {
        subcommands: doc.subcommands.map((group) => ({
          ...group,
          commands: Arr.map(group.commands, (command) => ({
            ...command,
            shortDescription: mark + (command.shortDescription ?? command.description)
          }))
        }))
      })
})

const described = <Doc extends { readonly description: Option.Option<string> }>(doc: Doc): Doc => ({
  ...doc,
  description: Option.map(doc.description, (text) => mark + text)
})

/** A line as several; `plain` is the same line without colours. */
const fitted = (line: string, plain: string, columns: number, examples: ReadonlySet<string>): ReadonlyArray<string> => {
  const at = line.indexOf(mark)
  if (at >= 0) return hung(line.slice(0, at), line.slice(at + mark.length), columns)
  // A call stays on one line, as it is there to be copied.
  if (examples.has(plain.trim())) return [line]
  const [, indent = "", opening = ""] = shape.exec(plain) ?? []
  if (opening === "#") return wrap(indent, line.trimStart(), `${indent}# `, columns)
  return opening === ""
    ? wrap(indent, line.trimStart(), indent, columns)
    : hung(indent + opening, plain.slice(indent.length + opening.length), columns)
}

/** The indentation, then the mark of a comment, or a word with its meaning in a column of its own. */
const shape = /^( *)(#|\S+ {2,}(?=\S))?/
