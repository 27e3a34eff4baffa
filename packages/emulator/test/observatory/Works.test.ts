import { assert, it } from "@effect/vitest"
import { Deferred, Effect, Layer } from "effect"
import { Auth } from "../../src/Auth.ts"
import { Database } from "../../src/Database.ts"
import { Works } from "../../src/observatory/Works.ts"

const forgetful = Layer.mock(Database, { name: "forgetful", rows: () => Effect.succeed([]) })

it.layer(Works.layer.pipe(Layer.provide(Auth.layer({ user: "alice" })), Layer.provide(forgetful)))("Works", (it) => {
  it.effect("a bug in one piece of work does not hold up those behind it", () =>
    Effect.gen(function* () {
      const { start } = yield* Works
      const reached = yield* Deferred.make<string>()
      yield* start("broken", Effect.die(new Error("a bug")))
      yield* start("next", Effect.asVoid(Deferred.succeed(reached, "next")))
      assert.strictEqual(yield* Deferred.await(reached), "next")
    })
  )
})
