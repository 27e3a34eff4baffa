/**
 * Puts parentheses around the functions that starts run. V8 compiles such a function with its file and not at its first
 * call, and only what is compiled with a file stands in Node's compile cache: the rest is compiled again at every start.
 */
import { spawnSync } from "node:child_process"
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseAst } from "rolldown/parseAst"
import { Visitor } from "rolldown/utils"

/** What V8 tells of the functions in a file: from which character to which, and how often they ran. */
interface Coverage {
  readonly result: ReadonlyArray<{
    readonly url: string
    readonly functions: ReadonlyArray<{
      readonly ranges: ReadonlyArray<{
        readonly startOffset: number
        readonly endOffset: number
        readonly count: number
      }>
    }>
  }>
}

/** Calls that load what most commands do; there is no server at this address. */
const calls = [
  ["--help"],
  ["sql", "query", "select 1"],
  ["sql", "query", "--help"],
  ["sql", "job", "create", "select 1"],
  ["dataset", "list"],
  ["dataset", "describe", "cities"],
  ["table", "list"],
  ["import", "create", "https://example.com/cities.csv"],
  ["import", "create", "cities.csv"],
  ["synchronization", "list"],
  ["visualization", "list"],
  ["map", "tile", "0/0/0", "--map", "viewer"],
  ["map", "tile", "0/0/0", "--map", "map.json"],
  ["named-map", "list"],
  ["kuviz", "list"],
  ["data-observatory", "list"],
  ["user", "me"],
  ["api-key", "list"],
  ["api", "GET", "/api/v3/me"],
  ["doctor"]
]

const files = {
  "cities.csv": "name,population\nBonn,330000\n",
  "map.json": `{ "version": "1.3.0", "layers": [{ "type": "cartodb", "options": { "sql": "select 1", "cartocss": "#l {}", "cartocss_version": "2.3.0" } }] }`
}

/** As `parenthesized` knows a function. */
export const place = (start: number, end: number): string => `${start}-${end}`

/** The places of functions that ran, by file of `dist`. */
const ranIn = async (dist: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  const home = await mkdtemp(join(tmpdir(), "carto-build-"))
  try {
    const reports = join(home, "coverage")
    const env = {
      HOME: home,
      CARTO_KEYCHAIN: "off",
      CARTO_API_URL: "http://127.0.0.1:1/user/alice",
      NODE_DISABLE_COMPILE_CACHE: "1",
      NODE_V8_COVERAGE: reports
    }
    for (const [name, text] of Object.entries(files)) await writeFile(join(home, name), text)
    for (const call of calls) {
      const parameters = [join(dist, "bin.js"), ...call, "--retries", "0"]
      const { status } = spawnSync(process.execPath, parameters, { env, cwd: home })
      if (status !== (call.includes("--help") ? 0 : 1)) throw new Error(`carto ${call.join(" ")} ended with ${status}`)
    }
    const places = new Map<string, Set<string>>()
    for (const name of await readdir(reports)) {
      const { result }: Coverage = JSON.parse(await readFile(join(reports, name), "utf8"))
      for (const { functions, url } of result.filter(({ url }) => url.startsWith("file:"))) {
        const file = basename(fileURLToPath(url))
        const ran = functions.flatMap(({ ranges: [all] }) =>
          all !== undefined && all.count > 0 ? [place(all.startOffset, all.endOffset)] : []
        )
        places.set(file, new Set([...(places.get(file) ?? []), ...ran]))
      }
    }
    return places
  } finally {
    await rm(home, { recursive: true })
  }
}

/**
 * The same program: parentheses are added, and names of functions are found through them. Declarations of the file,
 * which are there before all else anyway, become variables at its beginning, because they cannot have any.
 */
export const parenthesized = (code: string, ran: ReadonlySet<string>): string => {
  const methods = new Set<unknown>()
  const edits: Array<readonly [at: number, text: string]> = []
  const hasRun = (node: { readonly start: number; readonly end: number }) => ran.has(place(node.start, node.end))
  const mark = (node: { readonly start: number; readonly end: number }) => {
    if (!methods.has(node) && hasRun(node)) edits.push([node.start, "("], [node.end, ")"])
  }
  const program = parseAst(code)
  new Visitor({
    MethodDefinition: ({ value }) => void methods.add(value),
    Property: ({ kind, method, value }) => {
      if (method || kind !== "init") methods.add(value)
    },
    ArrowFunctionExpression: mark,
    FunctionExpression: mark
  }).visit(program)
  // Where one function ends and another begins, the end comes first.
  edits.sort(([a, x], [b, y]) => a - b || (x === y ? 0 : x === ")" ? -1 : 1))
  const edited = (start: number, end: number): string => {
    let at = start
    const parts = edits.flatMap(([position, text]) => {
      if (position < start || position > end) return []
      const part = code.slice(at, position) + text
      at = position
      return part
    })
    return parts.join("") + code.slice(at, end)
  }
  const head: Array<string> = []
  const rest: Array<string> = []
  let at = 0
  for (const node of program.body) {
    if (node.type !== "FunctionDeclaration" || node.id === null || !hasRun(node)) continue
    head.push(`var ${node.id.name}=(${code.slice(node.start, node.id.start)}${edited(node.id.end, node.end)});`)
    rest.push(edited(at, node.start))
    at = node.end
  }
  return [...head, ...rest, edited(at, code.length)].join("")
}

/** Rewrites the files of a program that was bundled into `dist`. */
export const compileEagerly = async (dist: string): Promise<void> => {
  for (const [file, ran] of await ranIn(dist)) {
    const path = join(dist, file)
    await writeFile(path, parenthesized(await readFile(path, "utf8"), ran))
  }
}
