/** How often a dataset is refreshed. */
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { parseDuration } from "./Settings.ts"

const days = (text: string): Option.Option<string> => {
  const amount = /^(\d+)d$/.exec(text.trim())?.[1]
  return amount === undefined ? Option.some(text) : Option.some(`${Number(amount) * 24}h`)
}

export const interval = Flag.String("interval").pipe(
  Flag.filterMap(
    (text) => Option.flatMap(days(text), parseDuration),
    () => "a duration such as 15m, 1h or 7d"
  ),
  Flag.withMetavar("DURATION"),
  Flag.withDescription("From the end of a run to the next: 15m at least, 1h, 7d")
)
