/** The grants that flags name. */
import * as ApiKeyGrants from "@effect-carto/core/ApiKeyGrants"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { usage } from "../../CommandError.ts"
import * as Output from "../../Output.ts"

type Some<A> = readonly [A, ...ReadonlyArray<A>]

export interface TableGrant {
  readonly table: string
  readonly permissions: Some<ApiKeyGrants.TablePermission>
}

export interface GrantInput {
  readonly sql: boolean
  readonly maps: boolean
  readonly dataObservatory: boolean
  readonly tables: ReadonlyArray<TableGrant>
  readonly createTables: boolean
  readonly schemas: ReadonlyArray<string>
  readonly dataservices: Option.Option<Some<ApiKeyGrants.Dataservice>>
  readonly datasets: ReadonlyArray<string>
  readonly tableMetadata: boolean
  readonly userProfile: boolean
}

/** At least one. A key cannot be changed later, so that what would be of no use is told before. */
export const grantsOf = Effect.fnUntraced(function* (input: GrantInput) {
  const grants = all(input)
  if (grants.length === 0) {
    return yield* usage("The key would be allowed nothing.", "Give --sql, --maps, --table cities:select and the like.")
  }
  const isUnused =
    (input.tables.length > 0 || input.createTables || input.schemas.length > 0) && !input.sql && !input.maps
  if (isUnused) {
    yield* Output.note("warning: tables are reached through --sql or --maps, and the key is given neither.")
  }
  return grants
})

const all = (input: GrantInput): ReadonlyArray<ApiKeyGrants.ApiKeyGrant> => [
  ...(input.sql ? [ApiKeyGrants.sql] : []),
  ...(input.maps ? [ApiKeyGrants.maps] : []),
  ...(input.dataObservatory ? [ApiKeyGrants.dataObservatory] : []),
  ...input.tables.map(({ permissions, table }) => ApiKeyGrants.table(table, ...permissions)),
  ...(input.createTables ? [ApiKeyGrants.creates()] : []),
  ...input.schemas.map((schema) => ApiKeyGrants.creates(schema)),
  ...Option.toArray(Option.map(input.dataservices, (services) => ApiKeyGrants.dataservices(...services))),
  ...(Arr.isReadonlyArrayNonEmpty(input.datasets) ? [ApiKeyGrants.datasets(...input.datasets)] : []),
  ...(input.tableMetadata ? [ApiKeyGrants.tableMetadata] : []),
  ...(input.userProfile ? [ApiKeyGrants.profile] : [])
]
