/** A map that was instantiated, as it is kept until it expires. */
import * as Predicate from "effect/Predicate"
import type { QueryTable } from "../QueryTables.ts"
import { aggregatedSql } from "./aggregation.ts"
import { type Condition, filtered } from "./filters.ts"
import { elements, member } from "./json.ts"
import type { Layer } from "./Layer.ts"
import { type Dataview, layerSource, type MapDefinition } from "./MapDefinition.ts"

/** Who may use what was made of a template; tokens as they were when it was instantiated. */
export type TemplateAuth =
  | { readonly method: "open" }
  | { readonly method: "token"; readonly tokens: ReadonlyArray<string> }

/** Everything that its answers are made of. */
export interface StoredMap {
  readonly id: string
  readonly definition: MapDefinition
  readonly layers: ReadonlyArray<Layer>
  readonly conditions: ReadonlyArray<Condition>
  /** Of the template it was made of; anonymous maps have none. */
  readonly auth: TemplateAuth | undefined
  readonly tables: ReadonlyArray<QueryTable>
  /** When the data changed last, in milliseconds; 0 where that is not recorded. */
  readonly buster: number
}

/** The query that tiles are made of: of an aggregated layer, its cells. */
export const tileSql = ({ aggregation, sql }: Layer): string =>
  aggregation === undefined ? sql : aggregatedSql(sql, aggregation)

/** A source's query without filters; `undefined` where there is no such source. */
export const sourceSql = ({ json, sources }: MapDefinition, source: string): string | undefined => {
  const layer = elements(json.layers).find((_, index) => layerSource(index) === source)
  const sql = sources.get(source) ?? member(member(layer, "options"), "sql")
  return Predicate.isString(sql) ? sql : undefined
}

/** The rows that a dataview sees: filtered by the others, and by its own filter where asked for. */
export const dataviewSql = (
  { conditions, definition }: StoredMap,
  { name, source }: Dataview,
  filters: "others" | "all" | "none"
): string => {
  const applied = conditions.filter(
    (condition) => condition.source === source && (filters === "all" || condition.dataview !== name)
  )
  return filtered(sourceSql(definition, source) ?? "", filters === "none" ? [] : applied.map(({ sql }) => sql))
}
