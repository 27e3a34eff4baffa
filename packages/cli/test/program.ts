/** Starts the real program, from source, as a process of its own. */
import { type ChildProcess, spawn } from "node:child_process"
import { join } from "node:path"

export interface Program {
  readonly child: ChildProcess
  /** What came on standard output so far. */
  readonly stdout: () => string
  readonly stderr: () => string
  /** Settles when a stream holds this text; fails when the program ends without it. */
  readonly says: (stream: "stdout" | "stderr", text: string) => Promise<void>
  readonly exit: Promise<number | null>
}

const bin = join(import.meta.dirname, "../src/bin.ts")

export const start = (
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>> = {},
  stdout: "pipe" | number = "pipe"
): Program => {
  const child = spawn(process.execPath, ["--conditions=@effect-carto/source", bin, ...args], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      ...env
    },
    stdio: ["ignore", stdout, "pipe"]
  })
  const seen = { stdout: "", stderr: "" }
  const waiting = new Set<() => void>()
  const collect = (stream: "stdout" | "stderr") =>
    child[stream]?.on("data", (chunk) => {
      seen[stream] += chunk
      for (const check of waiting) check()
    })
  collect("stdout")
  collect("stderr")
  const exit = new Promise<number | null>((resolve) => child.on("close", resolve))
  return {
    child,
    exit,
    stdout: () => seen.stdout,
    stderr: () => seen.stderr,
    says: (stream, text) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (!seen[stream].includes(text)) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        exit.then(() => reject(new Error(`The program ended without ${text}: ${seen.stdout}${seen.stderr}`)))
        check()
      })
  }
}
