/** What clients of the Data Observatory may compute: enrichments, and queries over datasets. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { Auth } from "../Auth.ts"
import { Database, type DatabaseError, type Field } from "../Database.ts"
import { asSubquery, quoteIdentifier } from "../SqlText.ts"
import { prepare } from "../sql/prepare.ts"
import { written } from "./columnTypes.ts"
import { plan } from "./EnrichmentPlan.ts"
import type { EnrichmentRequest } from "./EnrichmentRequest.ts"
import { enrichmentSql, kindsSql } from "./enrichmentSql.ts"
import type { Dataset, Entity } from "./entities.ts"
import { functions, grantRows, makeViews, observatoryRole } from "./observatoryRole.ts"
import { Subscriptions } from "./Subscriptions.ts"
import { type UserDataset, UserDatasets } from "./UserDatasets.ts"
import { databaseFailure, type WorkFailure } from "./Works.ts"

export interface ReadOptions {
  readonly limit: number | undefined
  readonly orderBy: string | undefined
  /** In place of all rows; one statement. */
  readonly query: string | undefined
}

/** Whether a key may use a dataset that is offered, beside the subscription that it needs. */
export type MayUse = (entity: Entity) => boolean

export class Observatory extends Context.Service<
  Observatory,
  {
    /** Makes the dataset that the request names; all that is wrong with it is told at once. */
    readonly enrich: (request: EnrichmentRequest, mayUse: MayUse) => Effect.Effect<void, WorkFailure>
    /** CSV with a header line. Fails before its first byte for bad SQL. */
    readonly read: (
      source: string,
      options: ReadOptions
    ) => Effect.Effect<Stream.Stream<Uint8Array, DatabaseError>, DatabaseError>
  }
>()("carto-emulator/Observatory") {
  static readonly layer = Layer.effect(
    Observatory,
    Effect.suspend(() => make)
  )
}

/** For a query of a client, and for an enrichment. */
const statementTimeout = "5 minutes"

/** The column that was told with the upload, or the only one that can be it. */
const placeIn = ({ columns, geometry, name }: UserDataset) => {
  const geographies = columns.filter(({ type }) => type === "GEOGRAPHY")
  const place = geometry === null ? geographies[0] : columns.find((column) => column.name === geometry)
  if (place === undefined || (geometry === null && geographies.length > 1)) {
    return Result.fail([`dataset ${name} tells no column of geometries: upload it with geom_column`])
  }
  return place.type === "GEOGRAPHY" || place.type === "STRING"
    ? Result.succeed(place)
    : Result.fail([`column ${place.name} of dataset ${name} is ${place.type}, and holds no geometries`])
}

const kinds = { points: /POINT$/, polygons: /POLYGON$/ } as const

const make = Effect.gen(function* () {
  const database = yield* Database
  const subscriptions = yield* Subscriptions
  const datasets = yield* UserDatasets
  const role = observatoryRole((yield* Auth).user)
  const restricted = { role, statementTimeout } as const
  yield* prepare(`${makeViews}; ${functions}`)

  const grant = Effect.tap(subscriptions.active, (active) => database.rows(grantRows(role, active)))

  const checkSubscribed = Effect.fnUntraced(function* (asked: ReadonlyArray<Dataset>, mayUse: MayUse) {
    const active = yield* Effect.mapError(grant, databaseFailure)
    const errors = asked.flatMap((dataset) => {
      if (!active.has(dataset.id)) return [`no active subscription to ${dataset.id}`]
      return mayUse(dataset) ? [] : [`the key has no grant for ${dataset.id}`]
    })
    if (errors.length > 0) return yield* Effect.fail(errors)
  })

  return Observatory.of({
    enrich: Effect.fn("Observatory.enrich")(function* (request, mayUse) {
      const input = yield* Effect.mapError(datasets.find(request.input), databaseFailure)
      if (input === undefined) return yield* Effect.fail([`dataset ${request.input} not found`])
      const sources = yield* Effect.fromResult(
        plan(
          request,
          input.columns.map(({ name }) => name)
        )
      )
      yield* checkSubscribed(
        sources.map(({ dataset }) => dataset),
        mayUse
      )
      const place = yield* Effect.fromResult(placeIn(input))
      const found = yield* Effect.mapError(database.rows(kindsSql(input.table, place), restricted), databaseFailure)
      const odd = found.flatMap(({ kind }) => (kind == null || kinds[request.type].test(kind) ? [] : [kind]))
      if (odd.length > 0) {
        return yield* Effect.fail([`dataset ${input.name} holds ${odd.join(", ")}, not only ${request.type}`])
      }
      const made = sources.flatMap(({ outputs }) => outputs.map(({ name, type }) => ({ name, type })))
      yield* datasets
        .create({ name: request.output, columns: [...input.columns, ...made], geometry: place.name }, (target) =>
          database.rows(enrichmentSql({ type: request.type, target, input, place, sources }), restricted)
        )
        .pipe(Effect.mapError(databaseFailure))
    }),
    read: Effect.fn("Observatory.read")(function* (source, { limit, orderBy, query }) {
      yield* grant
      const inner = query === undefined ? `select * from ${source}` : asSubquery(query)
      const rows = `(${inner}) as rows`
      const fields = yield* Stream.runFold(
        Stream.filter(
          database.run(`select * from ${rows} limit 0`, restricted),
          (message) => message._tag === "RowDescription"
        ),
        (): ReadonlyArray<Field> => [],
        (_, { fields }) => fields
      )
      const typed = yield* Effect.forEach(fields, (field) =>
        Effect.map(database.typeName(field.typeOid), (type) => ({ ...field, type }))
      )
      const order = orderBy === undefined ? "" : `order by ${quoteIdentifier(orderBy)}`
      const text = `select ${written(typed)} from ${rows} ${order} ${limit === undefined ? "" : `limit ${limit}`}`
      return database.run(`copy (${text}) to stdout with (format csv, header)`, restricted).pipe(
        Stream.filter((message) => message._tag === "CopyData"),
        Stream.map(({ bytes }) => bytes)
      )
    })
  })
})
