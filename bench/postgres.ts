/** A PostgreSQL with PostGIS of this host, on a throw-away folder and a socket in it. */
import { execFile, execFileSync, spawn } from "node:child_process"
import { existsSync, readdirSync, realpathSync } from "node:fs"
import { chmod, chown, mkdir } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import type { Environment } from "./Benchmark.ts"
import { exitOf } from "./process.ts"

const run = promisify(execFile)

/** Debian's folders of programs, the newest first, which are not in the path. */
const versions = (): ReadonlyArray<string> => {
  const folder = "/usr/lib/postgresql"
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(folder, version, "bin"))
}

const hasPostgis = (bin: string): boolean => {
  const config = join(bin, "pg_config")
  if (!existsSync(config)) return false
  const shared = execFileSync(config, ["--sharedir"], { encoding: "utf8" }).trim()
  return existsSync(join(shared, "extension", "postgis.control"))
}

/** Where the programs lie. */
const findBin = (): string | undefined =>
  [...(process.env.PATH ?? "").split(":"), ...versions()]
    .filter((folder) => ["initdb", "pg_ctl"].every((program) => existsSync(join(folder, program))))
    .map((folder) => join(realpathSync(join(folder, "initdb")), ".."))
    .find(hasPostgis)

/** PostgreSQL refuses to run as root; its package brings an account for it. */
const account = (): { readonly uid?: number; readonly gid?: number } => {
  if (process.getuid?.() !== 0) return {}
  const idOf = (option: string) =>
    Number(execFileSync("id", [option, "postgres"], { stdio: ["ignore", "pipe", "ignore"] }))
  return { uid: idOf("-u"), gid: idOf("-g") }
}

/** Why there is none. */
export const missing = (): string | undefined => {
  if (findBin() === undefined) return "PostgreSQL with PostGIS is not installed"
  try {
    account()
    return undefined
  } catch {
    return "PostgreSQL does not run as root, and there is no account postgres"
  }
}

const rootOf = ({ folder }: Environment): string => join(folder, "postgres")

/** Its standard streams are none: the server would keep them open. */
const control = async (environment: Environment, program: string, parameters: ReadonlyArray<string>): Promise<void> => {
  const root = rootOf(environment)
  await exitOf(spawn(join(findBin() ?? "", program), parameters, { ...account(), cwd: root, stdio: "ignore" }))
}

// Just-in-time compiling costs a query of a tile more than it saves.
const settings = "-c listen_addresses= -c jit=off -c fsync=off -c shared_buffers=256MB -c work_mem=64MB"

/** Serves while `use` runs. */
const serving = async <A>(environment: Environment, use: () => Promise<A>): Promise<A> => {
  const root = rootOf(environment)
  const data = join(root, "data")
  const options = `${settings} -k ${root}`
  await control(environment, "pg_ctl", ["start", "-w", "-D", data, "-l", join(root, "log"), "-o", options])
  try {
    return await use()
  } finally {
    await control(environment, "pg_ctl", ["stop", "-w", "-D", data, "-m", "fast"])
  }
}

const psql = async (environment: Environment, commands: ReadonlyArray<string>): Promise<string> => {
  const parameters = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", rootOf(environment), "-U", "postgres"]
  const { stdout } = await run("psql", [...parameters, ...commands.flatMap((command) => ["-c", command])])
  return stdout
}

/** Makes the folder, and runs statements in it. */
export const prepare = async (environment: Environment, sql: string): Promise<void> => {
  const root = rootOf(environment)
  const { gid, uid } = account()
  await mkdir(root)
  if (uid !== undefined && gid !== undefined) {
    await chmod(environment.folder, 0o711)
    await chown(root, uid, gid)
  }
  await control(environment, "initdb", ["-D", join(root, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N"])
  await serving(environment, () => psql(environment, ["create extension postgis", sql]))
}

/** Seconds that each run of a query took as psql counts them. */
export const time = (environment: Environment, query: string, times: number): Promise<ReadonlyArray<number>> =>
  serving(environment, async () => {
    const told = await psql(environment, ["\\timing on", ...Array.from({ length: times }, () => query)])
    return Array.from(told.matchAll(/^Time: ([\d.]+) ms/gm), ([, milliseconds]) => Number(milliseconds) / 1000)
  })
