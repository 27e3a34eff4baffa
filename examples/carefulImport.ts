/**
 * An import that looks first. What the server would refuse stops here; where guessing types would damage values, such as
 * the leading zeros of postal codes, it is left off; and at the end columns get their own names back, which the server
 * has made plain.
 *
 *     CARTO_API_URL=… CARTO_API_KEY=… node carefulImport.ts places.csv
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { type ImportPreview, Imports, Literal, Sql } from "@effect-carto/core"
import { NodeCarto, NodeImport } from "@effect-carto/node"
import { Console, Effect, Schema } from "effect"
import { Argument, Command } from "effect/cli"

class NotImportable extends Schema.TaggedError<NotImportable>()("NotImportable", {
  problems: Schema.Array(Schema.String)
}) {
  override get message(): string {
    return this.problems.join("\n")
  }
}

/** What the rest of the file holds, a sample cannot tell: look at all of it. */
const look = Effect.fn("look")(function* (path: string) {
  const imports = yield* Imports
  const preview = yield* imports.inspect(NodeImport.file(path), { sample: Number.POSITIVE_INFINITY })
  for (const { advice, message, severity } of preview.findings) {
    yield* Console.log(`${severity}: ${message}. ${advice}`)
  }
  const problems = preview.findings.filter(({ severity }) => severity === "error").map(({ message }) => message)
  return problems.length > 0 ? yield* new NotImportable({ problems }) : preview
})

const isSafeToGuess = ({ columns }: ImportPreview) => columns.every(({ damages }) => damages.length === 0)

const renameColumns = Effect.fn("renameColumns")(function* (dataset: string, { columns }: ImportPreview) {
  const sql = yield* Sql
  const renamed = columns.filter(({ becomes, name }) => becomes !== name)
  if (renamed.length === 0) return
  const { identifier } = Literal
  // All or none of them.
  yield* sql.transaction(
    renamed.map(({ becomes, name }) =>
      sql.unsafe(`alter table ${identifier(dataset)} rename column ${identifier(becomes)} to ${identifier(name)}`)
    )
  )
  yield* Console.log(`${renamed.length} columns have their names back`)
})

const load = Effect.fn("load")(function* (path: string) {
  const imports = yield* Imports
  const preview = yield* look(path)
  const typeGuessing = isSafeToGuess(preview)
  yield* Console.log(typeGuessing ? "types are guessed" : "every column stays text")
  const { datasets } = yield* imports.run(NodeImport.file(path), {
    typeGuessing,
    privacy: "private",
    timeout: "1 hour",
    onState: ({ value }) => Console.log(`  ${value.state}`)
  })
  for (const { name } of datasets) {
    yield* renameColumns(name, preview)
    yield* Console.log(`imported as ${name}`)
  }
})

const command = Command.make("carefulImport", { file: Argument.File("file", { mustExist: true }) }, ({ file }) =>
  Effect.provide(load(file), NodeCarto.layerConfig())
)

Command.run(command, { version: "1.0.0" }).pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
