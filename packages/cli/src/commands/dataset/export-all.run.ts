/** The work of `carto dataset export-all`. */
import { createHash } from "node:crypto"
import { type ApiKey, abilities } from "@effect-carto/core/ApiKey"
import { ApiKeys } from "@effect-carto/core/ApiKeys"
import { Datasets } from "@effect-carto/core/Datasets"
import * as Literal from "@effect-carto/core/Literal"
import type { Sql } from "@effect-carto/core/Sql"
import { SqlCopy } from "@effect-carto/core/SqlCopy"
import type { Visualization } from "@effect-carto/core/Visualization"
import * as NodeGzip from "@effect-carto/node/NodeGzip"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { type AccountTable, accountTables } from "../../accountTables.ts"
import { datasets } from "../../datasetServices.ts"
import * as ExportFolder from "../../ExportFolder.ts"
import { uniqueName } from "../../fileName.ts"
import * as RowCounter from "../../RowCounter.ts"
import { withSession } from "../../session.ts"
import { tableState } from "../../tableState.ts"
import { sharedWith } from "../../visualizationRecord.ts"

export interface ExportAllInput {
  readonly folder: string
  readonly verify: boolean
  readonly gzip: boolean
  readonly tables: boolean
  readonly concurrency: number
}

export const run = ({ concurrency, folder, gzip, tables, verify }: ExportAllInput) =>
  withSession(
    Layer.merge(datasets, ApiKeys.layer()),
    ExportFolder.run(
      { folder, kind: "datasets", concurrency, verify },
      Effect.gen(function* () {
        const { list } = yield* Datasets
        const datasets = yield* Stream.runCollect(
          list({ shared: "no", orderBy: "name", direction: "asc", include: ["permission"] })
        )
        const others = tables ? (yield* accountTables).filter(isOther(datasets)) : []
        const keys = yield* regularKeys
        return [...datasets.map(ofDataset), ...others.map(ofTable)].map((source) => item(source, keys, gzip))
      })
    )
  )

interface Source {
  readonly id: string
  /** Of the table, quoted. */
  readonly table: string
  /** As grants of keys name it. Members of an organization have a schema of their own name. */
  readonly granted: { readonly schemas: ReadonlyArray<string>; readonly name: string }
  readonly name: string
  readonly about: Readonly<Record<string, Schema.Json>>
}

const ofDataset = (dataset: Visualization): Source => ({
  id: dataset.id,
  table: Literal.identifier(dataset.name),
  granted: {
    schemas: dataset.permission == null ? ["public"] : ["public", dataset.permission.owner.username],
    name: dataset.name
  },
  name: dataset.name,
  about: {
    privacy: dataset.privacy,
    description: dataset.description,
    tags: dataset.tags,
    license: dataset.license,
    attributions: dataset.attributions,
    updated_at: DateTime.formatIso(dataset.updated_at),
    shared_with: (sharedWith(dataset) ?? []).map(({ name = null, ...entry }) => ({ ...entry, name }))
  }
})

const isOther =
  (datasets: ReadonlyArray<Visualization>) =>
  ({ cartodbfied, kind, name }: AccountTable): boolean =>
    kind !== "foreign table" && !(cartodbfied && datasets.some((dataset) => dataset.name === name))

const ofTable = ({ name, schema }: AccountTable): Source => {
  const table = `${Literal.identifier(schema)}.${Literal.identifier(name)}`
  const granted = { schemas: [schema], name }
  return { id: table, table, granted, name: schema === "public" ? name : `${schema}.${name}`, about: {} }
}

/** Regular keys, whose grants go with the tables. Not every account has an API for keys. */
const regularKeys = Effect.flatMap(ApiKeys, ({ list }) => Stream.runCollect(list({ types: ["regular"] }))).pipe(
  Effect.catchIf(
    ({ reason }) => reason._tag === "NotFoundError" || reason._tag === "AuthError",
    () => Effect.succeed(undefined)
  )
)

/** Names, and never tokens: who reads the manifest gets nothing to use. */
const grantsOf = (keys: ReadonlyArray<ApiKey>, { name, schemas }: Source["granted"]) =>
  keys.flatMap((key) =>
    abilities(key)
      .tables.filter((table) => table.name === name && schemas.includes(table.schema))
      .map(({ permissions }) => ({ name: key.name, permissions }))
  )

const item = (
  source: Source,
  keys: ReadonlyArray<ApiKey> | undefined,
  gzip: boolean
): ExportFolder.Item<Datasets | Sql | SqlCopy> => {
  const file = uniqueName(source.name)
  return {
    id: source.id,
    name: source.name,
    file: `${file}.csv${gzip ? ".gz" : ""}`,
    prepare: prepared(
      keys === undefined ? source : { ...source, about: { ...source.about, api_keys: grantsOf(keys, source.granted) } },
      `${file}.sql`,
      gzip
    )
  }
}

const prepared = Effect.fnUntraced(function* ({ about, table }: Source, sqlFile: string, gzip: boolean) {
  // Looked at before the rows are read: what is changed meanwhile is read again next time.
  const { isTable, version } = yield* tableState(table)
  const ddl = yield* Effect.flatMap(Datasets, (datasets) => datasets.ddl(table))
  const copy = yield* SqlCopy
  // COPY takes tables by their names, and views as queries.
  const source = isTable ? table : `(select * from ${table})`
  let rows = 0
  const csv = Stream.suspend(() => {
    const countRows = RowCounter.make({ format: "csv", header: true })
    return Stream.map(copy.toStatement(`copy ${source} to stdout with (format csv, header true)`), (chunk) => {
      rows = countRows(chunk) ?? 0
      return chunk
    })
  })
  return {
    version:
      version === undefined
        ? undefined
        : createHash("sha256")
            .update(JSON.stringify([version, ddl]))
            .digest("hex"),
    companions: { [sqlFile]: ddl },
    data: gzip ? NodeGzip.gzip({ level: 6 })(csv) : csv,
    about: { ...about, sql: sqlFile },
    rows: () => rows
  }
})
