/** Skia, where the optional package canvaskit-wasm is installed. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { type MapsError, unsupported } from "../MapsError.ts"
import type { CanvasKit } from "./Skia.ts"

const isCanvasKit = (value: unknown): value is CanvasKit =>
  Predicate.hasProperty(value, "MakeSurface") && Predicate.hasProperty(value, "Typeface")

const missing = unsupported("images without canvaskit-wasm: npm install canvaskit-wasm")

/** Loads it: a quarter of a second, and 40 MB. Fails with 501 where it is not installed. */
export const loadCanvasKit: Effect.Effect<CanvasKit, MapsError> = Effect.tryPromise({
  try: async () => (await import("canvaskit-wasm/full")).default(),
  catch: () => missing
}).pipe(Effect.flatMap((kit) => (isCanvasKit(kit) ? Effect.succeed(kit) : Effect.fail(missing))))
