/** A local CARTO in a process of its own; tells its address on standard output. */
import { Emulator } from "@effect-carto/emulator/Emulator"
import * as PgliteDatabase from "@effect-carto/emulator/PgliteDatabase"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

const served = Emulator.layer().pipe(Layer.provide(PgliteDatabase.layer()))

Effect.runFork(
  Emulator.pipe(
    Effect.flatMap(({ origin }) => Console.log(origin)),
    Effect.andThen(Effect.never),
    Effect.provide(served)
  )
)
