/** Through which proxy requests go. */
import type { CartoError } from "@effect-carto/core/CartoError"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { invalid } from "./internal/invalid.ts"

export interface ProxyOptions {
  /**
   * The proxy's URL, redacted because it may hold a password; `none` for no proxy at all. By default the environment
   * says it, as it does for curl: `HTTPS_PROXY`, `HTTP_PROXY` and the exceptions in `NO_PROXY`, in lower case first.
   * This machine is then always an exception: for a proxy, `localhost` is another one.
   */
  readonly proxy?: Redacted.Redacted | "none" | undefined
}

/** Empty texts stand for none. */
export interface Proxies {
  readonly httpProxy: string
  readonly httpsProxy: string
  readonly noProxy: string
}

/** Fails with a `CartoError` that does not repeat the URL when that is none. */
export const resolve = Effect.fnUntraced(function* (options: ProxyOptions): Effect.fn.Return<Proxies, CartoError> {
  if (options.proxy === "none") return { httpProxy: "", httpsProxy: "", noProxy: "" }
  if (options.proxy !== undefined) {
    const url = yield* checked("proxy", Redacted.value(options.proxy))
    return { httpProxy: url, httpsProxy: url, noProxy: "" }
  }
  const found = yield* Effect.mapError(environment, () =>
    invalid(operation, "the proxy settings cannot be read", "Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY.")
  )
  return {
    httpProxy: yield* checked("HTTP_PROXY", found.httpProxy),
    httpsProxy: yield* checked("HTTPS_PROXY", found.httpsProxy),
    noProxy: [...found.noProxy.split(/[\s,]+/), ...loopback]
      .filter((host) => host !== "")
      .map(withSubdomains)
      .join(",")
  }
})

const operation = "NodeProxy"

const loopback = ["localhost", "127.0.0.1", "::1"]

/** Where Node means the one host, curl means those below it too, for which Node wants a dot. */
const withSubdomains = (host: string): string => (/^[a-z_][^:]*$/i.test(host) ? `.${host}` : host)

const variable = (name: string) =>
  Config.String(name.toLowerCase()).pipe(
    Config.orElse(() => Config.String(name)),
    Config.withDefault("")
  )

const environment = Config.all({
  httpProxy: variable("HTTP_PROXY"),
  httpsProxy: variable("HTTPS_PROXY"),
  noProxy: variable("NO_PROXY")
})

const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i
const schemes = new Set(["http:", "https:"])

const checked = (name: string, text: string): Effect.Effect<string, CartoError> => {
  const address = text === "" || hasScheme.test(text) ? text : `http://${text}`
  return address === "" || (URL.canParse(address) && schemes.has(new URL(address).protocol))
    ? Effect.succeed(address)
    : Effect.fail(
        invalid(
          operation,
          `the value of ${name} is no proxy's URL`,
          "Expected http://HOST:PORT or https://HOST:PORT; SOCKS is not spoken."
        )
      )
}
