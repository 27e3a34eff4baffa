import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { FetchHttpClient } from "effect/http"
import { vi } from "vitest"
import { Renderer } from "../src/maps/Renderer.ts"
import * as SkiaRenderer from "../src/maps/render/SkiaRenderer.ts"

vi.mock("canvaskit-wasm/full", () => {
  throw new Error("Cannot find package 'canvaskit-wasm'")
})

it.effect("an image is 501 with what to install where canvaskit-wasm is missing", () =>
  Effect.gen(function* () {
    const { draw } = yield* Renderer
    const frame = { zoom: 0, west: 0, north: 0, width: 1, height: 1 }
    const error = yield* Effect.flip(draw(frame, [], { format: "png", scale: 1 }))
    assert.deepStrictEqual(
      [error.status, error.message],
      [501, "Not supported by the emulator: images without canvaskit-wasm: npm install canvaskit-wasm"]
    )
  }).pipe(Effect.provide(SkiaRenderer.layer.pipe(Layer.provide(FetchHttpClient.layer))))
)
