/** How connections are made and kept: certificates, proxy, idle times. */
import type { Agent, AgentOptions } from "node:http"
import type { Socket } from "node:net"
import type { CartoError } from "@effect-carto/core/CartoError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as NodeProxy from "../NodeProxy.ts"
import * as NodeTls from "../NodeTls.ts"
import { invalid } from "./invalid.ts"

export type Protocol = "http:" | "https:"

/** The agent for a protocol, made with its first request: most processes speak one of them, and loading TLS takes time. */
export type Agents = (protocol: Protocol) => Agent

/** CARTO closes a connection after five idle seconds (SQL reference, §3); one that is about to be is not used again. */
const idle = Duration.seconds(4)

/** For a connection to be made, or a proxy's tunnel. */
export const connectPatience = Duration.seconds(10)

/**
 * A COPY may run for five hours before the server says anything (SQL reference, §8.3), so an answer has no time limit
 * here. A dead server is found within minutes by TCP's own probes.
 */
const probes = Duration.minutes(1)

/** Unusable options are a `CartoError`. The connections are closed with the scope. */
export const make = Effect.fnUntraced(function* (
  options: NodeTls.TlsOptions & NodeProxy.ProxyOptions
): Effect.fn.Return<Agents, CartoError, Scope.Scope> {
  const tls = yield* NodeTls.connectionOptions(options)
  const proxies = yield* NodeProxy.resolve(options)
  const isDirect = proxies.httpProxy === "" && proxies.httpsProxy === ""
  // Other versions would go past the proxy in silence.
  if (!isDirect && !process.allowedNodeEnvironmentFlags.has("--use-env-proxy")) {
    return yield* invalid("NodeProxy", "this version of Node knows no proxies", "Use Node 24.5 or 22.21, or later.")
  }
  const shared: AgentOptions = {
    keepAlive: true,
    keepAliveMsecs: Duration.toMillis(probes),
    timeout: Duration.toMillis(connectPatience),
    ...(isDirect
      ? {}
      : {
          proxyEnv: {
            HTTP_PROXY: proxies.httpProxy,
            HTTPS_PROXY: proxies.httpsProxy,
            NO_PROXY: proxies.noProxy
          }
        })
  }
  const made = new Map<Protocol, Agent>()
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      for (const agent of made.values()) agent.destroy()
    })
  )
  return (protocol) => {
    const known = made.get(protocol)
    if (known !== undefined) return known
    const agent =
      protocol === "https:"
        ? new (process.getBuiltinModule("node:https").Agent)({ ...shared, ...tls })
        : new (process.getBuiltinModule("node:http").Agent)(shared)
    agent.on("free", dropWhenIdle)
    made.set(protocol, agent)
    return agent
  }
})

/** Node's agent leaves connections the time that it leaves them to connect, or less when the server says so. */
const dropWhenIdle = (socket: Socket): void => {
  const limit = Duration.toMillis(idle)
  if (socket.timeout === undefined || socket.timeout > limit) socket.setTimeout(limit)
}
