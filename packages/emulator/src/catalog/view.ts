/** Gathers what the objects of some visualizations need besides their rows. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Address from "../Address.ts"
import { Auth } from "../Auth.ts"
import { Database } from "../Database.ts"
import type { Visit } from "../routes/platform.ts"
import { quoteLiteral } from "../SqlText.ts"
import { Account } from "../users/Account.ts"
import { entities } from "../users/entities.ts"
import { privateForm, publicForm, schemaOf } from "../users/userObject.ts"
import type { TableFacts, View } from "./objects.ts"
import type { Visualization } from "./Visualization.ts"

const Fact = Schema.Struct({
  id: Schema.String,
  size: Schema.NullOr(Schema.FiniteFromString),
  row_count: Schema.NullOr(Schema.FiniteFromString)
})

const decodeFacts = Schema.decodeUnknownEffect(Schema.Array(Fact))

const unknownFacts: TableFacts = { size: null, rowCount: null }

/** A table that is dropped meanwhile has no facts. */
const readFacts = Effect.fnUntraced(function* (visualizations: ReadonlyArray<Visualization>) {
  const datasets = visualizations.filter(({ type }) => type === "table")
  const facts = new Map<string, TableFacts>()
  if (datasets.length === 0) return facts
  const rows = yield* (yield* Database).rows(
    `select v.id, pg_total_relation_size(c.oid) as size, c.reltuples::bigint as row_count
     from carto_emulator.visualizations v join pg_class c on c.oid = v.table_oid
     where v.id in (${datasets.map(({ id }) => quoteLiteral(id)).join(", ")})`
  )
  for (const { id, row_count, size } of yield* Effect.orDie(decodeFacts(rows))) {
    facts.set(id, { size, rowCount: row_count })
  }
  return facts
})

/** Whether the request shows the one key to whom everything here belongs. */
export const isOwner = ({ key }: Visit): boolean => key?.type === "master"

/** Those to whom something belongs, by their schemas; all of oneself and for administrators of others, too. */
const owners = Effect.fnUntraced(function* (visit: Visit, visualizations: ReadonlyArray<Visualization>) {
  const { me, owner, people } = yield* Account
  const schemas = new Set(visualizations.map(({ schema }) => schema))
  const users = new Map<string, Readonly<Record<string, unknown>>>()
  const { schema: mine } = yield* Auth
  const others = schemas.size === 1 && schemas.has(mine) ? [me] : yield* people
  for (const person of others) {
    const schema = schemaOf(owner, person)
    if (!schemas.has(schema)) continue
    const isShown = isOwner(visit) && (person.id === me.id || me.org_admin)
    users.set(schema, yield* isShown ? privateForm(visit.request, person) : publicForm(visit.request, person))
  }
  return users
})

/** What costs a look into the database, and is not asked for where no object shows it. */
export interface Needs {
  /** Owner and grants. */
  readonly permission: boolean
  readonly size: boolean
}

/** The view of a request on some visualizations, all of whose objects it will write. */
export const makeView = Effect.fnUntraced(function* (
  visit: Visit,
  visualizations: ReadonlyArray<Visualization>,
  needs: Needs = { permission: true, size: true }
) {
  const shared = (needs.permission ? visualizations : []).flatMap(({ acl }) => acl.map((entry) => entry.entity))
  const known = new Map((shared.length === 0 ? [] : yield* entities(visit.request)).map((one) => [one.id, one]))
  const facts = yield* readFacts(needs.size ? visualizations : [])
  const users = yield* owners(visit, needs.permission ? visualizations : [])
  const view: View = {
    isOwner: isOwner(visit),
    base: Address.base(visit.request),
    schema: (yield* Auth).schema,
    owner: ({ schema }) => users.get(schema) ?? {},
    now: yield* Clock.currentTimeMillis,
    facts: ({ id }) => facts.get(id) ?? unknownFacts,
    entity: ({ entity: id, type }) => {
      const found = known.get(id)
      return found?.type === type ? found.object : undefined
    }
  }
  return view
})
