/** Other programs, and memory as the kernel counts it. */
import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import type { Measured } from "./Benchmark.ts"

/**
 * Linux only: elsewhere `undefined`. `maxRSS` of `process.resourceUsage()` will not do, as it begins with the memory of
 * the process that started this one.
 */
export const peakMemory = (pid: number | "self"): number | undefined => {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
  } catch {
    return undefined
  }
}

export const exitOf = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    child.once("error", reject)
    child.once("close", (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${child.spawnargs.join(" ")} ended with ${signal ?? code}`))
    )
  })

/** Runs a program; its time is from start to end. */
export const program = async (command: string, parameters: ReadonlyArray<string>): Promise<Measured> => {
  const start = performance.now()
  const child = spawn(command, parameters, { stdio: ["ignore", "ignore", "inherit"] })
  let peak: number | undefined
  const poll = setInterval(() => {
    peak = peakMemory(child.pid ?? 0) ?? peak
  }, 5)
  await exitOf(child).finally(() => clearInterval(poll))
  return { seconds: (performance.now() - start) / 1000, peakMemory: peak ?? 0 }
}

/** Why a program cannot be run. */
export const needs = (command: string) => (): string | undefined =>
  (process.env.PATH ?? "").split(":").some((folder) => existsSync(`${folder}/${command}`))
    ? undefined
    : `${command} is not installed`
