/**
 * Looks at all synchronizations of an account, for cron. CARTO gives up after ten failures in a row and tells nobody:
 * this does. The exit code is 1 when any is ill; with `ALERT_WEBHOOK` its words are posted there too, as
 * `{"text": …}`, which Slack, Mattermost and others understand.
 *
 *     CARTO_API_URL=… CARTO_API_KEY=… ALERT_WEBHOOK=https://hooks.slack.com/… node syncMonitor.ts
 */
import { NodeHttpClient, NodeRuntime } from "@effect/platform-node"
import { Synchronization, Synchronizations } from "@effect-carto/core"
import { NodeCarto } from "@effect-carto/node"
import { Config, Console, DateTime, Duration, Effect, Layer, Option, Redacted, Runtime, Schedule, Schema } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"

class SomeAreIll extends Schema.TaggedError<SomeAreIll>()("SomeAreIll", { names: Schema.Array(Schema.String) }) {
  // Standard output has said it all.
  override readonly [Runtime.errorReported] = false
}

/** Before its first success it has no name, and its URL may hold a password. */
const nameOf = ({ id, name }: Synchronization.Synchronization) => name ?? id

const inWords = (health: Synchronization.Health): string => {
  switch (health._tag) {
    case "Healthy":
      return "well"
    case "Failing": {
      const left = health.retriesLeft === 0 ? "the server has given up" : `${health.retriesLeft} more tries`
      return `failing: ${health.title} (${left}). ${health.remedy}`
    }
    case "Stale":
      return `overdue by ${Duration.format(health.overdue)}`
  }
}

/** The address is a secret: whoever knows it may post. */
const post = Effect.fn("post")(function* (webhook: Redacted.Redacted, text: string) {
  const http = HttpClient.filterStatusOk(yield* HttpClient.HttpClient)
  yield* HttpClientRequest.post(Redacted.value(webhook)).pipe(
    HttpClientRequest.bodyJsonUnsafe({ text }),
    http.execute,
    Effect.timeout("10 seconds"),
    Effect.retry({ schedule: Schedule.exponential("1 second"), times: 3 }),
    // An alarm that cannot be sent must not hide what it is about.
    Effect.catch((error) => Effect.logError(`The webhook was not reached: ${error._tag}`))
  )
})

const monitor = Effect.gen(function* () {
  const synchronizations = yield* Synchronizations
  const webhook = yield* Config.Redacted("ALERT_WEBHOOK").pipe(Config.option)
  const now = yield* DateTime.now
  const checked = (yield* synchronizations.list).map((one) => ({
    name: nameOf(one),
    health: Synchronization.check(one, now)
  }))
  for (const { health, name } of checked) yield* Console.log(`${name}: ${inWords(health)}`)

  const ill = checked.filter(({ health }) => health._tag !== "Healthy")
  if (ill.length === 0) return
  const text = ill.map(({ health, name }) => `${name}: ${inWords(health)}`).join("\n")
  if (Option.isSome(webhook)) yield* post(webhook.value, text)
  return yield* new SomeAreIll({ names: ill.map(({ name }) => name) })
})

monitor.pipe(
  Effect.provide(Layer.merge(NodeCarto.layerConfig({ readOnly: true }), NodeHttpClient.layerUndici)),
  NodeRuntime.runMain
)
