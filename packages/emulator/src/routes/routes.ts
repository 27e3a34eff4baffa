/** Every route of the emulator, and what holds for all of them. */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerError from "effect/http/HttpServerError"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Address from "../Address.ts"
import { Faults, withFaults } from "../Faults.ts"
import * as ApiKeys from "./ApiKeys.ts"
import * as DataObservatory from "./DataObservatory.ts"
import * as Datasets from "./Datasets.ts"
import * as Enrichment from "./Enrichment.ts"
import { addHeaders, corsHeaders, servedBy } from "./endpoint.ts"
import * as Groups from "./Groups.ts"
import * as Health from "./Health.ts"
import * as Imports from "./Imports.ts"
import * as Kuviz from "./Kuviz.ts"
import * as Maps from "./Maps.ts"
import { notFound } from "./NotFound.ts"
import * as ObservatoryMetadata from "./ObservatoryMetadata.ts"
import * as OrganizationUsers from "./OrganizationUsers.ts"
import * as Permissions from "./Permissions.ts"
import * as Sql from "./Sql.ts"
import * as SqlCopy from "./SqlCopy.ts"
import * as SqlJobs from "./SqlJobs.ts"
import * as Synchronizations from "./Synchronizations.ts"
import * as Tables from "./Tables.ts"
import * as UserDatasets from "./UserDatasets.ts"
import * as Users from "./Users.ts"
import * as VisualizationExports from "./VisualizationExports.ts"
import * as Visualizations from "./Visualizations.ts"

const isSqlPath = (path: string): boolean => /^\/api\/[^/]+\/sql(?:\/|$)/i.test(path)

/** The platform's version 4 is open to pages of any origin (platform reference, §1.2). */
const openHeaders = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "Authorization, Content-Type"
}

const headersOf = (path: string): Readonly<Record<string, string>> | undefined => {
  if (isSqlPath(path)) return { ...corsHeaders, ...servedBy }
  return /^\/api\/v4(?:\/|$)/i.test(path) ? openHeaders : undefined
}

/** CORS for everything under `/sql` and version 4, also for its 404s; OPTIONS is answered by nothing else. */
const withCors = <E, R>(effect: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>) =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const headers = headersOf(Address.path(request))
    if (headers === undefined) return yield* effect
    if (request.method === "OPTIONS") {
      const cors = Object.entries(headers).filter(([name]) => name.startsWith("access-control-"))
      return HttpServerResponse.empty({ status: 200, headers: { ...Object.fromEntries(cors), "content-length": "0" } })
    }
    yield* addHeaders(headers)
    return yield* effect
  })

/** The HTML page for what no route answers. */
const withNotFound = <E, R>(effect: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>) =>
  Effect.catchIf(effect, isRouteNotFound, () => notFound)

const isRouteNotFound = (error: unknown): boolean =>
  HttpServerError.isHttpServerError(error) && error.reason._tag === "RouteNotFound"

const global = HttpRouter.use((router) =>
  Effect.gen(function* () {
    const faults = yield* Faults
    yield* router.addGlobalMiddleware((effect) =>
      effect.pipe(withNotFound, withCors, withFaults, Effect.provideService(Faults, faults))
    )
  })
)

/** What an emulator may be told of its APIs. */
export interface RouteOptions extends Sql.SqlOptions, SqlCopy.SqlCopyOptions {}

/** All of it. */
export const routes = (options: RouteOptions) =>
  Layer.mergeAll(
    Sql.routes(options),
    SqlCopy.routes(options),
    SqlJobs.routes,
    Maps.routes,
    ApiKeys.routes,
    Users.routes,
    OrganizationUsers.routes,
    Groups.routes,
    Kuviz.routes,
    Datasets.routes,
    DataObservatory.routes,
    UserDatasets.routes,
    Enrichment.routes,
    ObservatoryMetadata.routes,
    Imports.routes,
    Synchronizations.routes,
    Visualizations.routes,
    Tables.routes,
    Permissions.routes,
    VisualizationExports.routes,
    Health.routes,
    global
  )
