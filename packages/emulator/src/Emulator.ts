/** A classic CARTO account on this machine: HTTP in front of a `Database`. */
import { createServer, type Server } from "node:http"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import { type ApiKey, Auth, type NewApiKey } from "./Auth.ts"
import { Catalog, type CatalogKnobs } from "./catalog/Catalog.ts"
import { type ExportKnobs, Exports } from "./catalog/export/Exports.ts"
import { Plan, type PlanFlags } from "./catalog/Plan.ts"
import type { DatabaseError } from "./Database.ts"
import { Faults } from "./Faults.ts"
import { Imports, type ImportsOptions } from "./imports/Imports.ts"
import type { ImportKnobs } from "./imports/Knobs.ts"
import type { JobsOptions } from "./jobs/Jobs.ts"
import { MapStore } from "./maps/MapStore.ts"
import type { MapsOptions } from "./maps/MapsSettings.ts"
import * as SkiaRenderer from "./maps/render/SkiaRenderer.ts"
import { type ObservatoryKnobs, Works } from "./observatory/Works.ts"
import * as PgliteDatabase from "./PgliteDatabase.ts"
import { type Limit, RateLimit, type RateLimitGroup } from "./RateLimit.ts"
import { type RouteOptions, routes } from "./routes/routes.ts"
import { type SynchronizationKnobs, Synchronizations } from "./synchronizations/Synchronizations.ts"
import { Account, type AccountOptions, type AccountState } from "./users/Account.ts"
import { Groups } from "./users/Groups.ts"
import { Members } from "./users/Members.ts"
import { servicesLayer } from "./users/services.ts"

export interface EmulatorOptions extends RouteOptions, MapsOptions, JobsOptions, AccountOptions, ImportsOptions {
  /** The account's name; `alice` unless told. */
  readonly user?: string | undefined
  /**
   * The master key; the one that the database keeps unless told, and in a new one a fixed, well-known one, as nothing
   * but this machine can reach the server.
   */
  readonly apiKey?: Redacted.Redacted | undefined
  /** A free port unless told. */
  readonly port?: number | undefined
  /** What the account may have; everything unless told. */
  readonly plan?: Partial<PlanFlags> | undefined
}

export { localMasterKey } from "./Auth.ts"
export { localPassword } from "./users/password.ts"

// Longer requests are answered 431 with an empty body, as on the real servers.
const maxHeaderSize = 8192

/** A running emulator, and what only its owner may do with it. */
export class Emulator extends Context.Service<
  Emulator,
  {
    /** The account's address, `http://127.0.0.1:{port}/user/{user}`: all paths of the APIs stand behind it. */
    readonly url: string
    /** The server's address without an account. */
    readonly origin: string
    readonly user: string
    /** The master key of now: it changes when a client regenerates it. */
    readonly masterKey: Redacted.Redacted
    /** Makes a regular API key, with a PostgreSQL role of its own and rights on some tables. */
    readonly addKey: (key: NewApiKey) => Effect.Effect<ApiKey, DatabaseError>
    /** Sets the limits of an endpoint group and empties its counters; no limits switch it off. */
    readonly setRateLimit: (group: RateLimitGroup, limits: ReadonlyArray<Limit>) => Effect.Effect<void>
    /** Locks the account, or puts it into another state in which it is refused. */
    readonly setState: (state: AccountState) => Effect.Effect<void>
    /** What the account's plan allows, and changes of it. */
    readonly plan: Plan["Service"]
    /** When tables that SQL made become datasets. */
    readonly catalog: CatalogKnobs
    /** How imports behave. */
    readonly imports: ImportKnobs
    /** How synchronizations behave. */
    readonly synchronizations: SynchronizationKnobs
    /** How exports of maps behave. */
    readonly exports: ExportKnobs
    /** How imports and enrichments of the Data Observatory behave. */
    readonly observatory: ObservatoryKnobs
    /** Makes an instantiated map, or all of them, expire at once. */
    readonly expireMaps: (id?: string) => Effect.Effect<void>
    /** Faults to put between a client and the emulator. */
    readonly faults: Faults["Service"]
  }
>()("carto-emulator/Emulator") {
  /** Serves on loopback until its scope ends; then open requests are cut off, so that no test waits for them. */
  static readonly layer = (options: EmulatorOptions = {}) => {
    const auth = Auth.layer({ user: options.user ?? "alice", masterKey: options.apiKey })
    const user = Groups.layer.pipe(
      Layer.provideMerge(Account.layer(options)),
      Layer.provideMerge(Layer.merge(auth, Plan.layer(options.plan)))
    )
    const shared = Layer.mergeAll(SkiaRenderer.layer, RateLimit.layer, Faults.layer)
    const state = Layer.mergeAll(servicesLayer(options), Members.layer(options), shared).pipe(
      Layer.provide(FetchHttpClient.layer),
      Layer.provideMerge(user)
    )
    const served = HttpRouter.serve(routes(options), {
      disableLogger: true,
      disableListenLog: true,
      routerConfig: { caseSensitive: false, ignoreTrailingSlash: true, maxParamLength: 1024 }
    })
    return Layer.unwrap(
      Effect.sync(() => {
        const server = createServer({ maxHeaderSize })
        const listen = { port: options.port ?? 0, host: "127.0.0.1", disablePreemptiveShutdown: true }
        return Layer.effect(Emulator, make(server)).pipe(
          Layer.provideMerge(served),
          Layer.provide(Layer.fresh(state)),
          Layer.provide(NodeHttpServer.layer(() => server, listen))
        )
      })
    )
  }

  /** A throw-away account on a throw-away database. */
  static readonly layerTest = Layer.suspend(() => Emulator.layer().pipe(Layer.provide(PgliteDatabase.layer())))
}

const make = Effect.fnUntraced(function* (server: Server) {
  yield* Effect.addFinalizer(() => Effect.sync(() => server.closeAllConnections()))
  const auth = yield* Auth
  const account = yield* Account
  const rateLimit = yield* RateLimit
  const plan = yield* Plan
  const catalog = yield* Catalog
  const imports = yield* Imports
  const synchronizations = yield* Synchronizations
  const exports = yield* Exports
  const works = yield* Works
  const maps = yield* MapStore
  const faults = yield* Faults
  const { address } = yield* HttpServer.HttpServer
  const origin = HttpServer.formatAddress(address)
  return Emulator.of({
    url: `${origin}/user/${auth.user}`,
    origin,
    user: auth.user,
    get masterKey() {
      return auth.master.token
    },
    addKey: auth.addKey,
    setRateLimit: rateLimit.set,
    setState: account.setState,
    plan,
    catalog: catalog.knobs,
    imports: imports.knobs,
    synchronizations: synchronizations.knobs,
    exports: exports.knobs,
    observatory: works.knobs,
    expireMaps: maps.expire,
    faults
  })
})
