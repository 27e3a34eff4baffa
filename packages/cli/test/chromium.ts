/** Drives a headless Chromium over its DevTools protocol, where the machine has one. */
import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]

/** Undefined on a host without a browser. `CARTO_TEST_BROWSER` names another one. */
export const browser: string | undefined = [
  process.env.CARTO_TEST_BROWSER ?? "",
  ...(process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)))
].find((path) => path !== "" && existsSync(path))

/** Software rendering, and no request to anybody but the page's server. */
const flags = [
  "--headless=new",
  "--no-sandbox",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  "--hide-scrollbars",
  "--remote-debugging-port=0"
]

export interface Page {
  readonly goto: (address: string) => Promise<void>
  /** The value of an expression in the page. */
  readonly evaluate: (expression: string) => Promise<unknown>
  /** Settles when the expression is true. */
  readonly until: (expression: string) => Promise<void>
  readonly click: (x: number, y: number) => Promise<void>
  readonly type: (text: string) => Promise<void>
  readonly screenshot: () => Promise<Uint8Array>
  readonly emulate: (feature: string, value: string) => Promise<void>
  readonly resize: (width: number, height: number) => Promise<unknown>
  /** The addresses of all requests so far. */
  readonly requests: ReadonlyArray<string>
  /** What went wrong in the page: exceptions and errors of the console. */
  readonly problems: ReadonlyArray<string>
  readonly close: () => Promise<void>
}

/** What the protocol's methods that are called here may answer. */
interface Result {
  readonly result?: { readonly value?: unknown }
  readonly data?: string
  readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } }
}

export const openPage = async (path: string, width = 1280, height = 800): Promise<Page> => {
  const profile = mkdtempSync(join(tmpdir(), "carto-chromium-"))
  const child = spawn(
    path,
    [...flags, `--window-size=${width},${height}`, `--user-data-dir=${profile}`, "about:blank"],
    {
      stdio: ["ignore", "ignore", "pipe"]
    }
  )
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()))
  const endpoint = await listening(child)
  const listed = await (await fetch(`http://${new URL(endpoint).host}/json/list`)).text()
  const targets: ReadonlyArray<{ readonly type: string; readonly webSocketDebuggerUrl: string }> = JSON.parse(listed)
  const target = targets.find(({ type }) => type === "page")
  if (target === undefined) throw new Error("The browser has no page.")
  const socket = new WebSocket(target.webSocketDebuggerUrl)
  await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }))

  const requests: Array<string> = []
  const problems: Array<string> = []
  const waiting = new Map<
    number,
    { readonly resolve: (result: Result) => void; readonly reject: (error: Error) => void }
  >()
  socket.addEventListener("message", ({ data }) => {
    const { error, id, method, params, result } = JSON.parse(String(data))
    if (method === "Network.requestWillBeSent") requests.push(params.request.url)
    if (method === "Runtime.exceptionThrown") {
      problems.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text)
    }
    if (method === "Log.entryAdded" && params.entry.level === "error") problems.push(params.entry.text)
    const call = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) call?.resolve(result)
    else call?.reject(new Error(error.message))
  })
  let last = 0
  const send = (method: string, params: object = {}): Promise<Result> =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject })
      socket.send(JSON.stringify({ id: last, method, params }))
    })

  const evaluate = async (expression: string): Promise<unknown> => {
    const { exceptionDetails, result } = await send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true
    })
    if (exceptionDetails !== undefined)
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    return result?.value
  }
  const resize = (width: number, height: number) =>
    send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false })
  await Promise.all(["Page.enable", "Runtime.enable", "Network.enable", "Log.enable"].map((method) => send(method)))
  await resize(width, height)

  return {
    evaluate,
    requests,
    problems,
    resize,
    goto: async (url) => {
      await send("Page.navigate", { url })
    },
    until: async (expression) => {
      for (const start = performance.now(); performance.now() - start < 60_000; ) {
        // A page on its way has nothing to ask yet.
        if ((await evaluate(expression).catch(() => false)) === true) return
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      throw new Error(`Never came: ${expression}\n${problems.join("\n")}`)
    },
    click: async (x, y) => {
      const at = { x, y, button: "left", clickCount: 1 }
      await send("Input.dispatchMouseEvent", { ...at, type: "mouseMoved", button: "none" })
      await send("Input.dispatchMouseEvent", { ...at, type: "mousePressed" })
      await send("Input.dispatchMouseEvent", { ...at, type: "mouseReleased" })
    },
    type: async (text) => {
      await send("Input.insertText", { text })
    },
    screenshot: async () => Buffer.from((await send("Page.captureScreenshot", { format: "png" })).data ?? "", "base64"),
    emulate: async (name, value) => {
      await send("Emulation.setEmulatedMedia", { features: [{ name, value }] })
    },
    close: async () => {
      socket.close()
      child.kill()
      await closed
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    }
  }
}

const listening = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = ""
    child.stderr?.on("data", (data) => {
      said += String(data)
      const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1]
      if (address !== undefined) resolve(address)
    })
    child.once("close", () => reject(new Error(`The browser ended: ${said}`)))
  })
