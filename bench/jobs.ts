/** Jobs as the library's users wait for them. Loaded by the variants that need it, and by no other. */
import { Auth } from "@effect-carto/core/Auth"
import { CartoClient } from "@effect-carto/core/CartoClient"
import { JobId } from "@effect-carto/core/Job"
import { SqlJobs } from "@effect-carto/core/SqlJobs"
import * as NodeCarto from "@effect-carto/node/NodeCarto"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import type { Environment, Measured } from "./Benchmark.ts"
import { quantile } from "./statistics.ts"
import { stopwatch } from "./stopwatch.ts"
import { jobText } from "./work.ts"

/** The median time from the order of a job to the knowledge that it is done, in seconds. */
export const untilDone = async ({ server }: Environment, jobs: number): Promise<Measured> => {
  const runtime = ManagedRuntime.make(NodeCarto.layer({ url: `${server}/user/alice`, proxy: "none" }))
  const { run } = await runtime.runPromise(SqlJobs)
  const times: Array<number> = []
  const { cpuSeconds } = await stopwatch(async () => {
    for (let i = 0; i < jobs; i++) {
      const start = performance.now()
      await runtime.runPromise(run("select 1"))
      times.push(performance.now() - start)
    }
  })
  await runtime.dispose()
  return { seconds: quantile(times, 0.5) / 1000, cpuSeconds }
}

/** Answers from memory, at once: running and pending in turn, ten minutes each. */
const http = HttpClient.make((request) =>
  Effect.map(Clock.currentTimeMillis, (now) => {
    const body = jobText("1", now % 1_200_000 < 600_000 ? "running" : "pending")
    return HttpClientResponse.fromWeb(request, new Response(body, { headers: { "content-type": "application/json" } }))
  })
)

const virtual = SqlJobs.layer().pipe(
  Layer.provide(CartoClient.layer()),
  Layer.provide(Auth.layer({ url: "https://alice.carto.com", apiKey: Redacted.make("key") })),
  Layer.provide(Layer.succeed(HttpClient.HttpClient, http)),
  Layer.provideMerge(TestClock.layer())
)

/** What a minute of watching costs, on a clock that does not wait. The start, when all ask often, is in it. */
export const watchMany = (jobs: number, minutes: number): Promise<Measured> => {
  const program = Effect.gen(function* () {
    const { watch } = yield* SqlJobs
    const fibers = yield* Effect.forEach(Array.from({ length: jobs }), (_, i) =>
      Effect.forkChild(Stream.runDrain(watch(JobId.make(String(i)))))
    )
    yield* TestClock.adjust(0)
    const start = performance.now()
    const before = process.cpuUsage()
    for (let second = 0; second < 60 * minutes; second++) yield* TestClock.adjust("1 second")
    const { system, user } = process.cpuUsage(before)
    const seconds = (performance.now() - start) / 1000 / minutes
    yield* Fiber.interruptAll(fibers)
    return { seconds, cpuSeconds: (user + system) / 1e6 / minutes }
  })
  return Effect.runPromise(Effect.provide(program, virtual))
}
