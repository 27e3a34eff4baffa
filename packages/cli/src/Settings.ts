/** The flags every command understands. */

import * as Context from "effect/Context"
import * as Flag from "effect/cli/Flag"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"

export interface Values {
  readonly profile: Option.Option<string>
  readonly timeout: Option.Option<Duration.Duration>
  readonly retries: Option.Option<number>
  readonly quiet: boolean
  /** Each request on standard error, without its key. */
  readonly verbose: boolean
  /** Show the first change instead of making it. */
  readonly dryRun: boolean
  /** The members to print as JSON. */
  readonly json: Option.Option<ReadonlyArray<string>>
  /** What jq is to make of the JSON. */
  readonly jq: Option.Option<string>
}

/** The shared flags of this call, for the commands below the root. */
export class Settings extends Context.Service<Settings, Values>()("carto-cli/Settings") {}

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const
const shape = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/

/** `500ms`, `30s`, `1.5m`, `2h`; longer than nothing. */
export const parseDuration = (text: string): Option.Option<Duration.Duration> => {
  const [, amount, unit] = shape.exec(text.trim()) ?? []
  if (unit !== "ms" && unit !== "s" && unit !== "m" && unit !== "h") return Option.none()
  const millis = Number(amount) * units[unit]
  return millis > 0 ? Option.some(Duration.millis(millis)) : Option.none()
}

export const flags = {
  profile: Flag.String("profile").pipe(
    Flag.withMetavar("NAME"),
    Flag.withDescription("Use this saved account; it wins over CARTO_API_URL and CARTO_API_KEY"),
    Flag.optional
  ),
  timeout: Flag.String("timeout").pipe(
    Flag.filterMap(parseDuration, () => "a duration such as 500ms, 30s, 5m or 2h"),
    Flag.withMetavar("DURATION"),
    Flag.withDescription("Give up after this long: 500ms, 30s, 5m, 2h; default: never"),
    Flag.optional
  ),
  retries: Flag.Int("retries").pipe(
    Flag.filter(
      (times) => times >= 0,
      (times) => `a whole number from 0 on, not ${times}`
    ),
    Flag.withMetavar("N"),
    Flag.withDescription("Repeat a request, where that is safe, at most N times; default: 5"),
    Flag.optional
  ),
  quiet: Flag.Boolean("quiet").pipe(
    Flag.withAlias("q"),
    Flag.withDescription("Print data and errors only"),
    Flag.withDefault(false)
  ),
  verbose: Flag.Boolean("verbose").pipe(
    Flag.withDescription("Show each request and its answer on standard error, without the key"),
    Flag.withDefault(false)
  ),
  dryRun: Flag.Boolean("dry-run").pipe(
    Flag.withDescription("Read as usual, but show the first change instead of making it"),
    Flag.withDefault(false)
  ),
  json: Flag.String("json").pipe(
    Flag.map((text): ReadonlyArray<string> => text.split(",").map((name) => name.trim())),
    Flag.withMetavar("FIELDS"),
    Flag.withDescription("Print JSON with these members, such as name,size; ? tells which there are"),
    Flag.optional
  ),
  jq: Flag.String("jq").pipe(
    Flag.withMetavar("FILTER"),
    Flag.withDescription("Print what this jq filter makes of the JSON; texts come without quotes"),
    Flag.optional
  )
}
