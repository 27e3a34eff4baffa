/** How long the built command takes to say the least, and to send its first request. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { createServer } from "node:http"
import { join } from "node:path"
import type { Benchmark, Environment, Measured, Variant } from "./Benchmark.ts"
import { delay } from "./goals.ts"

const bin = join(import.meta.dirname, "../packages/cli/dist/bin.js")

const starts = 5

/** Of several, because a start that waits for a core tells of the other programs on the machine. */
const best = async (start: () => Promise<number>): Promise<Measured> => {
  const times: Array<number> = []
  while (times.length < starts) times.push(await start())
  return { seconds: Math.min(...times) / 1000 }
}

/** Its whole life. */
const life = async (parameters: ReadonlyArray<string>): Promise<number> => {
  const start = performance.now()
  const [status] = await once(spawn(process.execPath, parameters, { stdio: "ignore" }), "exit")
  if (status !== 0) throw new Error(`node ${parameters.join(" ")} ended with ${status}`)
  return performance.now() - start
}

/**
 * From the start of a command to the arrival of its first request. It ends by itself, on a refusal: Node keeps the
 * compiled code for the next start only of a process that was not killed.
 */
const request = async (parameters: ReadonlyArray<string>, folder: string): Promise<number> => {
  const home = await mkdtemp(join(folder, "home-"))
  const server = createServer().listen(0, "127.0.0.1")
  try {
    await once(server, "listening")
    const address = server.address()
    if (address === null || typeof address === "string") throw new Error("the server has no port")
    await writeFile(join(home, "cities.csv"), "name,population\nBonn,330000\n")
    await writeFile(join(home, "map.json"), map)
    const env = {
      PATH: process.env.PATH,
      HOME: home,
      CARTO_KEYCHAIN: "off",
      CARTO_API_URL: `http://127.0.0.1:${address.port}/user/alice`,
      CARTO_API_KEY: "key"
    }
    const start = performance.now()
    const arrived = new Promise<number>((resolve) => {
      server.on("request", (_, response) => {
        resolve(performance.now() - start)
        response.writeHead(400, { "content-type": "application/json" }).end('{"errors":["no"]}')
      })
    })
    const child = spawn(process.execPath, parameters, { stdio: "ignore", env, cwd: home })
    const ended = once(child, "exit").then(([status]) => {
      if (status !== 1) throw new Error(`node ${parameters.join(" ")} ended with ${status}`)
    })
    const silent = ended.then(() => {
      throw new Error(`node ${parameters.join(" ")} sent no request`)
    })
    const time = await Promise.race([arrived, silent])
    await ended
    return time
  } finally {
    server.close()
    await rm(home, { recursive: true })
  }
}

const map = JSON.stringify({
  version: "1.3.0",
  layers: [{ type: "cartodb", options: { sql: "select * from cities", cartocss: "#l {}", cartocss_version: "2.3.0" } }]
})

const missing = () => (existsSync(bin) ? undefined : "the command is not built: npm run build")

const node = (...parameters: ReadonlyArray<string>): Variant => ({ run: () => best(() => life(parameters)) })

const says = (word: string): Variant => ({ ...node(bin, word), missing })

const asks = (...words: ReadonlyArray<string>): Variant => ({
  missing,
  run: ({ folder }: Environment) => best(() => request([bin, ...words], folder))
})

/** The same without a program: what it takes to load Node's client, to connect, and for the server to notice. */
const get = `require("node:http").get(process.env.CARTO_API_URL, (answer) => {
  answer.resume()
  process.exitCode = 1
})`

const variants = {
  "node -e 0": node("-e", "0"),
  "carto --version": says("--version"),
  "carto --help": says("--help"),
  "request of node": { run: ({ folder }: Environment) => best(() => request(["-e", get], folder)) },
  // One of each group, and of large groups two.
  "request of carto sql query": asks("sql", "query", "select 1"),
  "request of carto sql job create": asks("sql", "job", "create", "select 1"),
  "request of carto dataset list": asks("dataset", "list"),
  "request of carto dataset describe": asks("dataset", "describe", "cities"),
  "request of carto table list": asks("table", "list"),
  "request of carto import create": asks("import", "create", "cities.csv"),
  "request of carto synchronization list": asks("synchronization", "list"),
  "request of carto visualization list": asks("visualization", "list"),
  "request of carto map tile": asks("map", "tile", "0/0/0", "--map", "map.json"),
  "request of carto named-map list": asks("named-map", "list"),
  "request of carto kuviz list": asks("kuviz", "list"),
  "request of carto data-observatory list": asks("data-observatory", "list"),
  "request of carto user me": asks("user", "me"),
  "request of carto api-key list": asks("api-key", "list"),
  "request of carto api": asks("api", "GET", "/api/v3/me"),
  "request of carto doctor": asks("doctor")
}

const baseline = "node -e 0"
const bareRequest = "request of node"

/** Each beside Node alone that gets as far: to its end, or to the arrival of a first request. */
const goals = Object.keys(variants).flatMap((name) => {
  if (name === baseline || name === bareRequest) return []
  return [delay(name, 75, name.startsWith("request") ? bareRequest : baseline)]
})

export const benchmark: Benchmark = {
  name: "cliStart",
  title: "start of the built command, the best of five in each round",
  rounds: 9,
  baseline,
  amount: () => ({ count: 1, unit: "starts" }),
  variants,
  goals
}
