/** Of undici the bundle takes what the HTTP client uses: who waits for a first request waits for no other part of it. */
import type { Plugin } from "rolldown"

/** As undici's own index puts them together. It is CommonJS and breaks when its pieces are split: see `isPart`. */
const dispatchers = `
import api from "undici/lib/api/index.js"
import Agent from "undici/lib/dispatcher/agent.js"
import Dispatcher from "undici/lib/dispatcher/dispatcher.js"
import EnvHttpProxyAgent from "undici/lib/dispatcher/env-http-proxy-agent.js"
Object.assign(Dispatcher.prototype, api)
export { Agent, EnvHttpProxyAgent }
export default { Agent, EnvHttpProxyAgent }`

const id = "\0undici"

/** Loading all of undici's hundred files takes twice as long as these in one. */
export const dispatchersOnly: Plugin = {
  name: "undici-dispatchers-only",
  resolveId: { filter: { id: /^undici$/ }, handler: () => id },
  load: { filter: { id: new RegExp(`^${id}$`) }, handler: () => dispatchers }
}

export const isPart = (module: string): boolean => module === id || /[/\\]node_modules[/\\]undici[/\\]/.test(module)
