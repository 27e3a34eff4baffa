/** The account's datasets and maps. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Auth } from "../Auth.ts"
import { Database, type DatabaseError } from "../Database.ts"
import { quoteIdentifier, quoteLiteral } from "../SqlText.ts"
import { prepare } from "../sql/prepare.ts"
import { Account } from "../users/Account.ts"
import { Plan } from "./Plan.ts"
import * as tables from "./schema.ts"
import { freeName, tableName } from "./tableName.ts"
import { type Changes, columnsOf, isUuid, jsonLiteral, type Privacy, Visualization } from "./Visualization.ts"

/** A map to make. */
export interface NewMap extends Omit<Changes, "name" | "privacy"> {
  /** Made unique by a number; `Untitled map` unless told. */
  readonly name?: string | undefined
  /** The strictest of its datasets' unless told. */
  readonly privacy?: Privacy | undefined
  readonly datasets: ReadonlyArray<Visualization>
}

/** A part of what matches. */
export interface Part {
  readonly where: string
  readonly orderBy: string
  readonly limit: number
  readonly offset: number
}

type Totals = Readonly<Record<"own" | "locked" | "liked" | "shared", number>>
/** What only the owner of an emulator may do with its catalog. */
export interface CatalogKnobs {
  /**
   * Whether a list first links the tables that SQL made since, or answers with what it knew and then links them: on the
   * real servers a process in the background does it, and a new table is missing in the first answers.
   */
  readonly setLinking: (when: "before" | "after") => Effect.Effect<void>
}

/**
 * Every method first brings the catalog up to what SQL made of the tables since: new cartodbfied tables of the user's
 * schema are datasets, renamed ones keep their ids, dropped ones are gone with the maps that show nothing else.
 */
export class Catalog extends Context.Service<
  Catalog,
  {
    /** Of the user's own, by where clause on `v`, with the rest of the statement behind it. */
    readonly select: (condition: string) => Effect.Effect<ReadonlyArray<Visualization>, DatabaseError>
    readonly count: (condition: string) => Effect.Effect<number, DatabaseError>
    /** Of everybody's. */
    readonly countAll: (condition: string) => Effect.Effect<number, DatabaseError>
    /** How many of those that match are the user's, locked or liked, and how many others share with the user. */
    readonly totals: (condition: string) => Effect.Effect<Totals, DatabaseError>
    /** A page of a list of what is the user's or shared with the user, and how many there are on all pages. */
    readonly page: (
      part: Part
    ) => Effect.Effect<{ readonly visualizations: ReadonlyArray<Visualization>; readonly total: number }, DatabaseError>
    readonly knobs: CatalogKnobs
    /** By UUID, or by name as `name`, `schema.name` or `"schema".name`; of two with one name the dataset. */
    readonly find: (idOrName: string) => Effect.Effect<Visualization | undefined, DatabaseError>
    /** A dataset, own or shared, by its table's id or name. */
    readonly dataset: (tableIdOrName: string) => Effect.Effect<Visualization | undefined, DatabaseError>
    /** A map over datasets. */
    readonly createMap: (map: NewMap) => Effect.Effect<Visualization, DatabaseError>
    /** Sets columns as they are; a dataset's privacy becomes a right of the public's, its name its table's. */
    readonly update: (id: string, changes: Changes) => Effect.Effect<Visualization | undefined, DatabaseError>
    /** Whether it is the user's, or shared with the user for writing. */
    readonly mayWrite: (visualization: Visualization) => Effect.Effect<boolean, DatabaseError>
    /** With a dataset go its table and the maps that show nothing else. Fails when PostgreSQL keeps the table. */
    readonly remove: (visualization: Visualization) => Effect.Effect<void, DatabaseError>
    /** The datasets that a map shows, in the order of its layers. */
    readonly datasetsOf: (mapId: string) => Effect.Effect<ReadonlyArray<Visualization>, DatabaseError>
    /** The maps that show a dataset, newest first. */
    readonly mapsOf: (datasetId: string) => Effect.Effect<ReadonlyArray<Visualization>, DatabaseError>
    /** A text as a table name that no relation has. */
    readonly freeTableName: (text: string) => Effect.Effect<string, DatabaseError>
    /** The privacy of a new dataset: `PRIVATE` where the plan has it. */
    readonly defaultPrivacy: Effect.Effect<Privacy>
  }
>()("carto-emulator/Catalog") {
  static readonly layer = Layer.effect(
    Catalog,
    Effect.suspend(() => make())
  )
}

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Visualization))

const decodeRow = (row: Readonly<Record<string, string | null>>) => Effect.orDie(decode(row.record))

// PostgreSQL's bigint and oid are JSON numbers here; a clock's milliseconds stay exact.
const record = "(to_jsonb(v) || jsonb_build_object('table_oid', v.table_oid::bigint))::text as record"

/** A condition for `name`, `schema.name`, `"schema".name`; none for what is no such name. */
const isNamed = (text: string): string | undefined => {
  const [first = "", second, third] = text.split(".").map((part) => part.replace(/^"(.*)"$/, "$1"))
  if (third !== undefined) return undefined
  return second === undefined
    ? `name = ${quoteLiteral(first)}`
    : `schema = ${quoteLiteral(first)} and name = ${quoteLiteral(second)}`
}

const tableOf = ({ name, schema }: Visualization): string => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`

const strictness: ReadonlyArray<Privacy> = ["PASSWORD", "PRIVATE", "LINK", "PUBLIC"]

const strictest = (datasets: ReadonlyArray<Visualization>): Privacy =>
  strictness.find((privacy) => datasets.some((dataset) => dataset.privacy === privacy)) ?? "PUBLIC"

const make = Effect.fnUntraced(function* () {
  const database = yield* Database
  const plan = yield* Plan
  const { role, schema } = yield* Auth
  // Whose users and groups the catalog asks for in SQL.
  yield* Account
  const home = quoteLiteral(schema)
  let linking: "before" | "after" = "before"
  yield* prepare(tables.schema)

  const defaultPrivacy = Effect.map(plan.get, ({ privateTables }): Privacy => (privateTables ? "PRIVATE" : "PUBLIC"))

  const link = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    yield* database.rows(`select carto_emulator.link_tables(${now}, ${quoteLiteral(yield* defaultPrivacy)})`)
  })

  /** Statements that end with one which returns records. */
  const records = (sql: string) => Effect.flatMap(database.rows(sql), (rows) => Effect.forEach(rows, decodeRow))

  const all = "carto_emulator.visualizations"
  const own = `(select * from ${all} where schema = ${home})`
  // What has no entries PostgreSQL need not look up for each row.
  const isShared = `(a.acl <> '[]' and carto_emulator.shared_access(a.acl, ${home}) is not null)`
  const reachable = `(select * from ${all} a where schema = ${home} or ${isShared})`

  const known = (of: string, condition: string) => records(`select ${record} from ${of} v ${condition}`)

  const countKnown = (of: string, condition: string) =>
    Effect.map(database.rows(`select count(*) as n from ${of} v ${condition}`), ([row]) => Number(row?.n))

  const select = (condition: string, of = own) => Effect.andThen(link, known(of, condition))

  // One's own come before those of others.
  const first = (condition: string) =>
    Effect.map(
      select(`where ${condition} order by schema <> ${home}, type <> 'table', place limit 1`, reachable),
      (found) => found[0]
    )

  const find = (idOrName: string) => {
    const condition = isUuid(idOrName) ? `id = ${quoteLiteral(idOrName)}` : isNamed(idOrName)
    return condition === undefined ? Effect.undefined : first(condition)
  }

  const dataset = (tableIdOrName: string) => {
    const condition = isUuid(tableIdOrName) ? `table_id = ${quoteLiteral(tableIdOrName)}` : isNamed(tableIdOrName)
    return condition === undefined ? Effect.undefined : first(`${condition} and type = 'table'`)
  }

  const taken = Effect.fnUntraced(function* (sql: string) {
    const rows = yield* database.rows(sql)
    return new Set(rows.map(({ name }) => name ?? ""))
  })

  const freeMapName = Effect.fnUntraced(function* (name: string) {
    const names = yield* taken(
      `select name from carto_emulator.visualizations where type = 'derived' and schema = ${home}`
    )
    let candidate = name
    for (let i = 1; names.has(candidate); i++) candidate = `${name} ${i}`
    return candidate
  })

  const createMap: Catalog["Service"]["createMap"] = Effect.fn("Catalog.createMap")(function* ({ datasets, ...map }) {
    const now = yield* Clock.currentTimeMillis
    const values = {
      created_at: now,
      updated_at: now,
      shared_at: now,
      ...map,
      type: "derived",
      schema,
      name: yield* freeMapName(map.name ?? "Untitled map"),
      privacy: map.privacy ?? strictest(datasets)
    }
    const layers = datasets.map(({ id }, place) => `(${quoteLiteral(id)}::uuid, ${place})`)
    const [created] = yield* records(
      `with made as (
         insert into carto_emulator.visualizations (${columnsOf(values)})
         select ${columnsOf(values)}
         from jsonb_populate_record(null::carto_emulator.visualizations, ${jsonLiteral(values)})
         returning *
       ), layers as (
         insert into carto_emulator.visualization_layers (visualization_id, dataset_id, place)
         select made.id, shown.id, shown.place from made,
           (${layers.length === 0 ? "select null::uuid, 0 where false" : `values ${layers.join(", ")}`}) shown (id, place)
       )
       select ${record} from made v`
    )
    return created ?? (yield* Effect.die("an insert returned no row"))
  })

  const update: Catalog["Service"]["update"] = Effect.fn("Catalog.update")(function* (id, changes) {
    const before = yield* find(id)
    if (before === undefined || Object.keys(changes).length === 0) return before
    const { name, privacy } = changes
    if (before.table_oid !== null && name !== undefined && name !== before.name) {
      yield* database.rows(`alter table ${tableOf(before)} rename to ${quoteIdentifier(name)}`, { role })
    }
    // In one statement, so that of two changes at once PostgreSQL's rights are those of the row that stays.
    const rights = [
      ...(privacy === undefined ? [] : ["carto_emulator.expose_table(v.table_oid, v.privacy)"]),
      ...(changes.acl === undefined ? [] : ["carto_emulator.share_table(v.table_oid, v.acl)"])
    ]
    const [after] = yield* records(
      `with v as (
         update carto_emulator.visualizations v set (${columnsOf(changes)}) =
           (select ${columnsOf(changes)} from jsonb_populate_record(v, ${jsonLiteral(changes)}))
         where id = ${quoteLiteral(before.id)} returning *
       )
       select ${[record, ...(before.table_oid === null ? [] : rights)].join(", ")} from v`
    )
    return after
  })

  return Catalog.of({
    select,
    count: (condition) => Effect.andThen(link, countKnown(own, condition)),
    countAll: (condition) => Effect.andThen(link, countKnown(all, `where ${condition}`)),
    totals: Effect.fnUntraced(function* (condition) {
      yield* link
      const among = (which: string) => `count(*) filter (where schema = ${home} and ${which})`
      const [row] = yield* database.rows(
        `select ${among("true")} as own, ${among("locked")} as locked, ${among("liked")} as liked,
           count(*) filter (where schema <> ${home}) as shared
         from ${reachable} v where ${condition}`
      )
      const n = (name: keyof Totals) => Number(row?.[name])
      return { own: n("own"), locked: n("locked"), liked: n("liked"), shared: n("shared") }
    }),
    page: Effect.fn("Catalog.page")(function* ({ limit, offset, orderBy, where }) {
      if (linking === "before") yield* link
      const visualizations = yield* known(
        reachable,
        `where ${where} order by ${orderBy} limit ${limit} offset ${offset}`
      )
      const total = yield* countKnown(reachable, `where ${where}`)
      if (linking === "after") yield* link
      return { visualizations, total }
    }),
    knobs: {
      setLinking: (when) =>
        Effect.sync(() => {
          linking = when
        })
    },
    find,
    dataset,
    createMap,
    update,
    mayWrite: ({ id, schema: whose }) =>
      whose === schema
        ? Effect.succeed(true)
        : Effect.map(
            countKnown(all, `where id = ${quoteLiteral(id)} and carto_emulator.shared_access(acl, ${home}) = 'rw'`),
            (count) => count > 0
          ),
    defaultPrivacy,
    remove: Effect.fn("Catalog.remove")(function* (visualization) {
      const { id, table_oid } = visualization
      if (table_oid !== null) yield* database.rows(`drop table if exists ${tableOf(visualization)}`, { role })
      yield* database.rows(`select carto_emulator.forget_visualization(${quoteLiteral(id)})`)
    }),
    datasetsOf: (mapId) =>
      select(
        `join carto_emulator.visualization_layers l on l.dataset_id = v.id
        where l.visualization_id = ${quoteLiteral(mapId)} order by l.place`,
        all
      ),
    mapsOf: (datasetId) =>
      select(
        `where type = 'derived' and exists (
          select from carto_emulator.visualization_layers l
          where l.visualization_id = v.id and l.dataset_id = ${quoteLiteral(datasetId)})
        order by updated_at desc, v.place desc`,
        all
      ),
    freeTableName: (text) =>
      Effect.map(
        taken(
          `select relname as name from pg_class where relnamespace = ${quoteLiteral(quoteIdentifier(schema))}::regnamespace`
        ),
        (names) => freeName(tableName(text), names)
      )
  })
})
