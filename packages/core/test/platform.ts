/** Services of the platform on a scripted server, and what tests ask of them. */
import { assert } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { Auth } from "../src/Auth.ts"
import { CartoClient } from "../src/CartoClient.ts"
import { CartoError } from "../src/CartoError.ts"
import { HttpMock, type Reply, type Seen } from "./HttpMock.ts"

export type Script = ReadonlyArray<Reply> | ((seen: Seen, index: number) => Reply)

/** For the account of alice, with her master key unless another is given, or none. */
export const served = <A, E>(
  services: Layer.Layer<A, E, Auth | CartoClient>,
  script: Script,
  key: string | undefined = "key-of-alice"
) =>
  services.pipe(
    Layer.provide(CartoClient.layer({ retries: 0 })),
    Layer.provide(Auth.layer({ url: "https://alice.carto.com", apiKey: key === "" ? undefined : Redacted.make(key) })),
    Layer.provideMerge(HttpMock.layer(script))
  )

export const seen = Effect.flatMap(HttpMock, (mock) => mock.seen)

/** Method and address behind the host, with the parameters in order. */
export const asked = Effect.map(seen, (all) =>
  all.map(({ method, url }) => `${method} ${decodeURIComponent(url.slice(23))}`)
)

/** The bodies that were sent, as JSON. */
export const sent = Effect.map(seen, (all) => all.flatMap(({ body }) => (body === "" ? [] : [JSON.parse(body)])))

export const reasonOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) => {
    assert.instanceOf(error, CartoError)
    return error.reason
  })

/** A page of a list, as whoever holds the right key gets it. */
export const page = (visualizations: ReadonlyArray<object>, total = visualizations.length): Reply => ({
  body: {
    visualizations,
    total_entries: total,
    total_user_entries: total,
    total_locked: 0,
    total_likes: 0,
    total_shared: 0
  }
})

export const nothing: Reply = { status: 404, body: { errors: "Visualization does not exist", errors_cause: null } }
