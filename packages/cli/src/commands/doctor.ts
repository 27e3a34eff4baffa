/** `carto doctor`: looks at everything a command stands on. */
import * as Command from "effect/cli/Command"
import { lazily } from "../lazily.ts"

export const doctor = () =>
  Command.make(
    "doctor",
    {},
    lazily(() => import("./doctor/doctor.run.ts"))
  ).pipe(
    Command.withExamples([
      { command: "carto doctor" },
      { command: "carto doctor --json check,status,advice --quiet > health.json" }
    ])
  )
