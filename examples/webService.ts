/**
 * A web service over an account: `GET /near?longitude=…&latitude=…&limit=…` answers the nearest rows of `cities` as
 * JSON. All requests share one client, and with it its connections and what it knows of rate limits. After SIGTERM no
 * new request is taken, and those under way are answered.
 *
 *     CARTO_API_URL=… CARTO_API_KEY=… PORT=3000 node webService.ts
 *
 * `/openapi.json` describes it. `PORT=0` takes a free port, and the log tells which.
 */
import { createServer } from "node:http"
import { NodeHttpServer, NodeRuntime } from "@effect/platform-node"
import { Sql } from "@effect-carto/core"
import { NodeCarto } from "@effect-carto/node"
import { Config, Context, Effect, Layer, Schema } from "effect"
import { HttpRouter } from "effect/http"
import { HttpApi, HttpApiBuilder, HttpApiEndpoint, HttpApiGroup } from "effect/http-api"

const degrees = (most: number) => Schema.FiniteFromString.check(Schema.isBetween({ minimum: -most, maximum: most }))

const Place = Schema.Struct({ name: Schema.String, kilometres: Schema.Finite })
type Place = typeof Place.Type

/** CARTO cannot answer now. What exactly is wrong stands in our log: strangers need not know our SQL. */
class Unavailable extends Schema.TaggedError<Unavailable>()("Unavailable", {}, { httpApiStatus: 503 }) {}

const Api = HttpApi.make("places").add(
  HttpApiGroup.make("places", { topLevel: true }).add(
    HttpApiEndpoint.get("near", "/near", {
      query: {
        longitude: degrees(180),
        latitude: degrees(90),
        limit: Schema.optional(
          Schema.FiniteFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: 100 }))
        )
      },
      success: Schema.Array(Place),
      error: Unavailable
    })
  )
)

interface Spot {
  readonly longitude: number
  readonly latitude: number
}

class Places extends Context.Service<
  Places,
  { readonly near: (spot: Spot, limit: number) => Effect.Effect<ReadonlyArray<Place>, Unavailable> }
>()("example/Places") {
  static readonly layer = Layer.effect(
    Places,
    Effect.gen(function* () {
      const sql = yield* Sql
      const near = Effect.fn("Places.near")(
        function* ({ latitude, longitude }: Spot, limit: number) {
          const spot = { type: "Point", coordinates: [longitude, latitude] }
          const { rows } = yield* sql.query(Place)`
            select name, ST_Distance(the_geom::geography, ${spot}::geography) / 1000 as kilometres
            from cities order by the_geom <-> ${spot} limit ${limit}`
          return rows
        },
        Effect.tapError(({ advice, message }) => Effect.logError(message, advice)),
        Effect.mapError(() => new Unavailable())
      )
      return Places.of({ near })
    })
  )
}

const Handlers = HttpApiBuilder.group(
  Api,
  "places",
  Effect.fn(function* (handlers) {
    const places = yield* Places
    return handlers.handleAll({ near: ({ query: { limit = 10, ...spot } }) => places.near(spot, limit) })
  })
)

const Server = Layer.unwrap(
  Effect.map(Config.Int("PORT").pipe(Config.withDefault(3000)), (port) =>
    NodeHttpServer.layer(createServer, { port, gracefulShutdownTimeout: "20 seconds" })
  )
)

/** A web request cannot wait as long as a nightly job: ten seconds with all retries. */
const Carto = NodeCarto.layerConfig({ timeout: "10 seconds", readOnly: true })

HttpRouter.serve(HttpApiBuilder.layer(Api, { openapiPath: "/openapi.json" }).pipe(Layer.provide(Handlers))).pipe(
  Layer.provide(Places.layer),
  Layer.provide(Carto),
  Layer.provide(Server),
  Layer.launch,
  NodeRuntime.runMain
)
