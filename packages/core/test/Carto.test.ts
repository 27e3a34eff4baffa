import { assert, it } from "@effect/vitest"
import { Context, Effect, Layer, Redacted } from "effect"
import * as Carto from "../src/Carto.ts"
import { CartoClient } from "../src/CartoClient.ts"
import { HttpMock } from "./HttpMock.ts"

const account = (user: string) =>
  Carto.layer({ url: `https://${user}.carto.com`, apiKey: Redacted.make(`key-of-${user}`) })

it.effect("gives each of two accounts in one program services of its own", () =>
  Effect.gen(function* () {
    const alice = yield* Effect.context<Carto.CartoServices>()
    const bob = yield* Effect.provide(Effect.context<Carto.CartoServices>(), account("bob"))
    assert.strictEqual(Context.get(bob, CartoClient).account.user, "bob")
    const shared = [...alice.mapUnsafe].filter(
      ([name, service]) => name.startsWith("carto/") && bob.mapUnsafe.get(name) === service
    )
    assert.deepStrictEqual(
      shared.map(([name]) => name),
      []
    )
  }).pipe(Effect.provide(account("alice").pipe(Layer.provideMerge(HttpMock.layer([])))))
)
