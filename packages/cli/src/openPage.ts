/** Pages in the browser of whoever runs the command. */
import { spawn } from "node:child_process"
import * as Effect from "effect/Effect"
import { opener } from "./preview/browser.ts"

/** Gives whether a browser took the address. */
export const openPage = (url: string): Effect.Effect<boolean> =>
  Effect.callback((resume) => {
    const [program, ...args] = opener(process.platform)
    const child = spawn(program, [...args, url], { detached: true, stdio: "ignore" })
    child.once("error", () => resume(Effect.succeed(false)))
    // An opener that fails does so at once; a browser in the foreground may stay for hours.
    child.once("spawn", () => {
      const patience = setTimeout(() => resume(Effect.succeed(true)), 1000)
      child.once("exit", (code) => {
        clearTimeout(patience)
        resume(Effect.succeed(code === 0))
      })
    })
    child.unref()
  })
