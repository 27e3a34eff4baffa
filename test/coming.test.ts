/** Whoever comes from carto-python finds what the page promises. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as core from "@effect-carto/core"
import * as node from "@effect-carto/node"
import { Context, Effect, Layer, Option, Predicate, Redacted } from "effect"
import { helpOf, paths } from "../scripts/docs/commands.ts"

const page = readFileSync(join(import.meta.dirname, "../docs/coming-from-carto-python.md"), "utf8")

interface Row {
  readonly left: string
  readonly library: ReadonlyArray<string>
  readonly commands: ReadonlyArray<string>
}

const quoted = (cell: string): ReadonlyArray<string> => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text)

/** The rows of tables that have a column for commands. */
const rows: ReadonlyArray<Row> = page.split(/\n\n+/).flatMap((block) => {
  const [head = "", , ...lines] = block.split("\n").filter((line) => line.startsWith("|"))
  if (!head.includes("| command |")) return []
  return lines.map((line) => {
    const [, left = "", library = "", commands = ""] = line.split(/(?<!\\)\|/).map((cell) => cell.trim())
    return { left, library: quoted(library), commands: quoted(commands) }
  })
})

/** No request is sent: the services only have to be there. */
const services = node.NodeCarto.layer({ url: "http://127.0.0.1:1/user/alice", apiKey: Redacted.make("k") })

const exported: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...Object.entries(core),
  ...Object.entries(node)
])

const has = (value: unknown, member: string): boolean => Predicate.hasProperty(value, member)

/** `Service.method`, `Namespace.value`, or a name that is exported. */
const exists = (context: Context.Context<never>, text: string): boolean => {
  const [name = "", member, ...rest] = text.split(".")
  const value = exported.get(name)
  if (value === undefined || rest.length > 0) return false
  if (member === undefined) return true
  const service = Context.isKey(value) ? Option.getOrUndefined(Context.getOption(context, value)) : undefined
  return has(service, member) || has(value, member)
}

/** All that 1.11.3 has, by module; methods that every class inherits stand once. */
const promised = [
  ...["APIKeyAuthClient", "NonVerifiedAPIKeyAuthClient", "AuthAPIClient", "AuthAPIClient.is_valid_api_key"],
  ...["SQLClient.send", "BatchSQLClient.create", "BatchSQLClient.create_and_wait_for_completion"],
  ...["BatchSQLClient.read", "BatchSQLClient.update", "BatchSQLClient.cancel", "BatchSQLClient.send"],
  ...["CopySQLClient.copyfrom", "CopySQLClient.copyfrom_file_object", "CopySQLClient.copyfrom_file_path"],
  ...["CopySQLClient.copyto", "CopySQLClient.copyto_file_object", "CopySQLClient.copyto_file_path", "copyto_stream"],
  ...["FileImportJob.run", "FileImportJobManager.create", "FileImportJobManager.filter", "FileImportJobManager.get"],
  ...["SyncTableJob.run", "SyncTableJob.force_sync", "get_force_sync_endpoint", "SyncTableJobManager.create"],
  ...["Synchronization", "DatasetManager.create", "DatasetManager.is_sync_table", "DatasetManager.all"],
  ...["DatasetManager.get", "DatasetManager.send", "Dataset.save", "Dataset.delete", "Dataset.force_delete"],
  ...["TableManager.get", "TableManager.all", "Permission", "Entity", "PRIVATE", "PUBLIC", "LINK"],
  ...["VisualizationManager.create", "VisualizationManager.get", "VisualizationManager.all", "Visualization.export"],
  ...["ExportJob.run", "AnonymousMap.instantiate", "BaseMap.get_tile_url", "NamedMap.instantiate"],
  ...["NamedMapManager.create", "NamedMapManager.get", "NamedMapManager.all", "NamedMap.save", "NamedMap.delete"],
  ...["APIKeyManager.create", "APIKey.regenerate_token", "TableGrant", "TableGrant.to_json", "Grants", "Grants.get_id"],
  ...["UserManager.get", "UserManager.create", "UserManager.filter", "User.save", "User.delete"],
  ...["KuvizManager.create", "KuvizManager.get", "Kuviz.save", "DoTokenManager.get", "DODataset.create"],
  ...["DODataset.upload", "upload_file_object", "DODataset.import_dataset", "DODataset.upload_dataframe"],
  ...["DODataset.download_stream", "DODataset.enrichment", "DODataset.metadata", "DODatasetJob", "DOEnrichmentJob"],
  ...["DOSubscriptionManager.all", "DOSubscriptionCreationManager.create", "DOSubscriptionInfoManager.get"],
  ...["CartoException", "CartoRateLimitException", "CartoRateLimitException.isRateLimited", "AsyncResource.run"],
  ...["AsyncResource.refresh", "WarnResource", "Manager", "CartoPaginator", "ResponseStream"],
  ...["APIKeyAuthClient.get_user_name", "check_base_url", "prepare_send", "SchemaGrant", "SchemaGrant.to_json"],
  ...["NamedMap.update_from_dict", "AnonymousMap.update_from_dict", "UserManager.get_collection_endpoint"],
  ...["UserManager.get_resource_endpoint", "DODatasetJob.status", "DODatasetJob.result"],
  ...["DOEnrichmentJob.status", "DOEnrichmentJob.result"]
]

const scripts = [
  ...["change_dataset_privacy.py", "check_query.py", "copy_and_pandas_example.py", "copy_chunked_file.py"],
  ...["copy_from.py", "describe_single_table.py", "generate_create_table_statement.sql"],
  ...["copy_example.py", "create_anonymous_map.py", "create_named_map.py", "describe_table.py", "duplicate_table.py"],
  ...["export_all_datasets.py", "export_all_maps.py", "export_create_tables.py", "export_dataset.py", "export_map.py"],
  ...["import_and_merge.py", "import_from_database.py", "import_standard_table.py", "import_sync_table.py"],
  ...["import_sync_table_as_dataset.py", "instantiate_named_map.py", "kill_query.py", "kuviz.ipynb", "list_tables.py"],
  ...["map_info.py", "nexrad/nexrad_copy.py", "running_queries.py", "sql_batch_api_jobs.py"],
  ...["sql_batch_api_wait_for_completion.py", "table_info.py", "user_info.py"]
]

describe("coming from carto-python", () => {
  it("tells of every class, method, exception and script, each once", () => {
    const told = rows.flatMap(({ left }) => quoted(left))
    assert.deepStrictEqual(
      [...promised, ...scripts].filter((name) => !told.includes(name)),
      []
    )
    const lines = rows.map(({ left }) => left)
    assert.deepStrictEqual(
      lines.filter((left, i) => lines.indexOf(left) !== i),
      []
    )
  })

  it.effect("names only what the library exports", () =>
    Effect.gen(function* () {
      const context = yield* Layer.build(services)
      const wrong = rows.flatMap(({ library }) => library.filter((text) => !exists(context, text)))
      assert.deepStrictEqual(wrong, [])
    }).pipe(Effect.scoped)
  )

  it.effect("names only commands and flags that there are", () =>
    Effect.gen(function* () {
      const known = paths().map((path) => path.join(" "))
      const wrong: Array<string> = []
      for (const command of new Set(rows.flatMap(({ commands }) => commands))) {
        const [program, ...words] = command.split(" ")
        const path = words.filter((word) => !word.startsWith("--"))
        const flags = words.filter((word) => word.startsWith("--")).map((word) => word.replace(/^--(?:no-)?/, ""))
        if (program !== "carto" || path.length === 0 || !known.includes(path.join(" "))) wrong.push(command)
        else {
          const names = (yield* helpOf(path)).flags.map(({ name }) => name)
          if (flags.some((flag) => !names.includes(flag))) wrong.push(command)
        }
      }
      assert.deepStrictEqual(wrong, [])
    })
  )
})
