/** `carto doctor`: looks at everything a command stands on. */
import * as Command from "effect/cli/Command"
import { lazily } from "../lazily.ts"

export const doctor = Command.make(
  "doctor",
  {},
  lazily(() => import("./doctor/doctor.run.ts"))
).pipe(
  Command.withDescription(
    "Look at the address, the key and what it may do, the way to the server, clocks, limits and versions: a line for each, with what to do; fails when something is broken"
  ),
  Command.withShortDescription("Look for what is wrong, and say what to do"),
  Command.withExamples([
    { command: "carto doctor" },
    { command: "carto doctor --json check,status,advice --quiet > health.json" }
  ])
)
