/** The commands of `carto` as a chapter of docs/cli.md: what `--help` says, all of it in one place. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Layer, Option } from "effect"
import { CliOutput, Command, type HelpDoc } from "effect/cli"
import * as Carto from "../../packages/cli/src/carto.ts"

const carto = await Effect.runPromise(Carto.carto)

/** Each command's path, the groups before what is in them. */
export const paths = (
  command: Command.Command.Any = carto,
  path: ReadonlyArray<string> = []
): ReadonlyArray<ReadonlyArray<string>> => [
  path,
  ...command.subcommands.flatMap(({ commands }) => commands.flatMap((child) => paths(child, [...path, child.name])))
]

/** What `--help` is made from. */
export const helpOf = (path: ReadonlyArray<string>): Effect.Effect<HelpDoc.HelpDoc> =>
  Effect.suspend(() => {
    let doc: HelpDoc.HelpDoc | undefined
    const presenter = CliOutput.layerPresenter({
      present: (event) =>
        Effect.sync(() => {
          if (event._tag === "Help") doc = event.helpDoc
        })
    })
    return Command.runWith(carto, { version: "" })([...path, "--help"]).pipe(
      Effect.ignore,
      Effect.andThen(
        Effect.suspend(() => (doc === undefined ? Effect.die(`no help for ${path.join(" ")}`) : Effect.succeed(doc)))
      ),
      Effect.provide(Layer.merge(presenter, NodeServices.layer))
    )
  })

const escaped = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replace(/\s+/g, " ")

const table = (rows: ReadonlyArray<readonly [string, string]>): ReadonlyArray<string> =>
  rows.length === 0
    ? []
    : ["| | |", "| --- | --- |", ...rows.map(([left, right]) => `| \`${left}\` | ${escaped(right)} |`), ""]

const flagName = ({ aliases, name, type }: HelpDoc.FlagDoc): string =>
  [...aliases, `--${name}`].join(", ") + (type === "boolean" ? "" : ` ${type}`)

const flagRows = (flags: ReadonlyArray<HelpDoc.FlagDoc>) =>
  flags.map((flag) => [flagName(flag), Option.getOrElse(flag.description, () => "")] as const)

const examples = (doc: HelpDoc.HelpDoc): ReadonlyArray<string> =>
  doc.examples === undefined || doc.examples.length === 0
    ? []
    : [
        "```sh no-run",
        ...doc.examples.flatMap(({ command, description }) => [
          ...(description === undefined ? [] : [`# ${description}`]),
          command
        ]),
        "```",
        ""
      ]

const section = (path: ReadonlyArray<string>, doc: HelpDoc.HelpDoc): ReadonlyArray<string> => [
  `### \`${["carto", ...path].join(" ")}\``,
  "",
  doc.description.split("\n")[0] ?? "",
  "",
  "```text",
  doc.usage,
  "```",
  "",
  ...table((doc.args ?? []).map((arg) => [arg.name, Option.getOrElse(arg.description, () => "")])),
  ...table(flagRows(doc.flags)),
  ...examples(doc)
]

/** Only what can be run has a section of its own; groups are lines of the overview. */
export const commandChapter: Effect.Effect<string> = Effect.gen(function* () {
  const root = yield* helpOf([])
  const all = yield* Effect.forEach(paths().slice(1), (path) => Effect.map(helpOf(path), (doc) => ({ path, doc })))
  const runnable = all.filter(({ doc }) => doc.subcommands === undefined || doc.subcommands.length === 0)
  return [
    "| command | |",
    "| --- | --- |",
    ...runnable.map(({ doc, path }) => {
      const name = ["carto", ...path].join(" ")
      return `| [\`${name}\`](#${name.replaceAll(" ", "-")}) | ${escaped(doc.description.split("\n")[0] ?? "")} |`
    }),
    "",
    "Flags of every command:",
    "",
    ...table(flagRows(root.flags)),
    ...runnable.flatMap(({ doc, path }) => section(path, doc))
  ].join("\n")
})
