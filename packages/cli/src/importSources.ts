/** What a command is to import: files, patterns, URLs, standard input, a query, a dataset, another database. */
import { glob } from "node:fs/promises"
import type { CartoError } from "@effect-carto/core/CartoError"
import * as ImportSource from "@effect-carto/core/ImportSource"
import * as NodeFile from "@effect-carto/node/NodeFile"
import * as NodeImport from "@effect-carto/node/NodeImport"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Stdio from "effect/Stdio"
import { failure, usage } from "./CommandError.ts"
import { connectorFile } from "./connectorFile.ts"
import { isUrl } from "./isUrl.ts"

export interface SourceInput {
  readonly sources: ReadonlyArray<string>
  readonly sql: Option.Option<string>
  readonly table: Option.Option<string>
  readonly connector: Option.Option<string>
  readonly name: Option.Option<string>
}

/** A source and what to call it. */
export interface NamedSource {
  readonly label: string
  readonly source: ImportSource.ImportSource<CartoError, Stdio.Stdio>
}

/** At least one. */
export const sources = Effect.fnUntraced(function* (input: SourceInput) {
  const name = Option.getOrUndefined(input.name)
  const named = name === undefined ? undefined : { name }
  const special: Array<NamedSource> = []
  if (Option.isSome(input.sql)) special.push({ label: "query", source: ImportSource.query(input.sql.value, named) })
  if (Option.isSome(input.table)) {
    special.push({ label: input.table.value, source: ImportSource.table(input.table.value, named) })
  }
  if (Option.isSome(input.connector)) {
    const connector = yield* connectorFile(input.connector.value)
    special.push({ label: connector.provider, source: ImportSource.database(connector) })
  }
  const paths = (yield* Effect.forEach(input.sources, expanded)).flat()
  if (special.length === 0 && paths.length === 0) {
    return yield* usage("There is nothing to import.", "Name files or URLs, or give --sql, --table or --connector.")
  }
  if (special.length > 1 || (special.length > 0 && paths.length > 0)) {
    return yield* usage("Only files and URLs are imported together.", "Give the others one by one.")
  }
  if (name !== undefined && paths.length > 1) return yield* usage("--name is for one source; there are several.")
  return [...special, ...(yield* Effect.forEach(paths, (path) => fromPath(path, name)))]
})

const isPattern = (text: string): boolean => /[*?[{]/.test(text)

const filesLike = async (pattern: string): Promise<ReadonlyArray<string>> => {
  const found: Array<string> = []
  for await (const file of glob(pattern)) found.push(file)
  return found
}

/** A pattern that the shell has left alone. */
const expanded = Effect.fnUntraced(function* (text: string) {
  if (isUrl(text) || !isPattern(text)) return [text]
  const found = yield* Effect.tryPromise({
    try: () => filesLike(text),
    catch: (error) => failure(`Cannot look for ${text}: ${error instanceof Error ? error.message : String(error)}`)
  })
  return found.length === 0 ? yield* usage(`No file is like ${text}.`) : found.toSorted()
})

const fromPath = Effect.fnUntraced(function* (path: string, name: string | undefined) {
  if (isUrl(path)) return { label: path, source: ImportSource.url(path) }
  if (path === "-") {
    if (name === undefined) {
      return yield* usage(
        "Standard input has no name.",
        "Give it one whose extension tells the format: --name cities.csv."
      )
    }
    return { label: name, source: NodeImport.stdin(name) }
  }
  // Now, so that one wrong name sends nothing of the others.
  yield* NodeFile.inspect(path)
  return { label: path, source: NodeImport.file(path, name === undefined ? undefined : { name }) }
})
