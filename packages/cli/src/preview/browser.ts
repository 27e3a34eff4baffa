/** Opens an address in the user's browser. */
import * as Effect from "effect/Effect"
import * as ChildProcess from "effect/process/ChildProcess"
import * as Output from "../Output.ts"

/** What opens a page on a system. */
export const opener = (platform: string): readonly [string, ...ReadonlyArray<string>] => {
  switch (platform) {
    case "darwin":
      return ["open"]
    case "win32":
      return ["rundll32", "url.dll,FileProtocolHandler"]
    default:
      return ["xdg-open"]
  }
}

/** Does not wait for the browser. Without one, the address is there to be opened by hand. */
export const openBrowser = (address: string) => {
  const [command, ...args] = opener(process.platform)
  const child = ChildProcess.make(command, [...args, address], { stdin: "ignore", stdout: "ignore", stderr: "ignore" })
  const byHand = Output.note("No browser was opened; open the address by hand.")
  return Effect.flatMap(child, ({ exitCode }) => exitCode).pipe(
    Effect.scoped,
    Effect.matchEffect({ onFailure: () => byHand, onSuccess: (code) => (code === 0 ? Effect.void : byHand) }),
    Effect.forkScoped
  )
}
