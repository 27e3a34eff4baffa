/** Which certificates are trusted, and with which one we present ourselves. */
import { readFile } from "node:fs/promises"
import type { SecureContext } from "node:tls"
import type { CartoError } from "@effect-carto/core/CartoError"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { invalid } from "./internal/invalid.ts"
import { describe } from "./internal/systemError.ts"

export interface TlsOptions {
  /** `false` accepts every certificate, also an attacker's, and warns of it. Default true. */
  readonly rejectUnauthorized?: boolean | undefined
  /** Authorities trusted in place of Node's own: paths of PEM files, or PEM texts. A file may hold several. */
  readonly ca?: string | ReadonlyArray<string> | undefined
  readonly clientCertificate?: ClientCertificate | undefined
}

/** For servers that ask their clients for a certificate. */
export interface ClientCertificate {
  /** Path of a PEM file, or the PEM text. */
  readonly cert: string
  /** Path of a PEM file, or the PEM text, redacted. */
  readonly key: string | Redacted.Redacted
  /** Of an encrypted key. */
  readonly passphrase?: Redacted.Redacted | undefined
}

/** What `tls.connect` is told. */
export interface ConnectionOptions {
  readonly rejectUnauthorized: boolean
  readonly secureContext?: SecureContext
}

/** Reads the files and checks them. An unreadable file, text that is no PEM or a wrong passphrase is a `CartoError`. */
export const connectionOptions = Effect.fnUntraced(function* (
  options: TlsOptions
): Effect.fn.Return<ConnectionOptions, CartoError> {
  const rejectUnauthorized = options.rejectUnauthorized ?? true
  if (!rejectUnauthorized) {
    yield* Effect.logWarning(
      "Certificates are not verified: whoever is on the way can read the key and change the data. Prefer `ca`."
    )
  }
  const { clientCertificate } = options
  if (options.ca === undefined && clientCertificate === undefined) return { rejectUnauthorized }
  const authorities = typeof options.ca === "string" ? [options.ca] : options.ca
  const ca = authorities && (yield* Effect.forEach(authorities, (authority) => pem("ca", authority, "CERTIFICATE")))
  const client = clientCertificate && {
    cert: yield* pem("clientCertificate.cert", clientCertificate.cert, "CERTIFICATE"),
    key: yield* pem("clientCertificate.key", clientCertificate.key, "PRIVATE KEY"),
    ...(clientCertificate.passphrase && { passphrase: Redacted.value(clientCertificate.passphrase) })
  }
  const secureContext = yield* Effect.try({
    try: () => {
      // Loaded here, because it takes longer than everything else before a first request that is not encrypted.
      const { createSecureContext } = process.getBuiltinModule("node:tls")
      const { X509Certificate } = process.getBuiltinModule("node:crypto")
      // Node leaves out in silence what it cannot read among the authorities.
      for (const certificate of ca?.flatMap(certificates) ?? []) new X509Certificate(certificate)
      return createSecureContext({ ...(ca && { ca }), ...client })
    },
    catch: (error) =>
      invalid(
        operation,
        `the certificates cannot be used: ${describe(error).because}`,
        "Check that certificate and key belong together, and the passphrase."
      )
  })
  return { rejectUnauthorized, secureContext }
})

const operation = "NodeTls"

const certificates = (text: string): ReadonlyArray<string> =>
  text.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? []

const isPem = (text: string): boolean => text.includes("-----BEGIN ")

const pem = Effect.fnUntraced(function* (
  option: string,
  source: string | Redacted.Redacted,
  kind: "CERTIFICATE" | "PRIVATE KEY"
): Effect.fn.Return<string, CartoError> {
  const given = Redacted.isRedacted(source) ? Redacted.value(source) : source
  const isText = Redacted.isRedacted(source) || isPem(given)
  const text = isText
    ? given
    : yield* Effect.tryPromise({
        try: () => readFile(given, "utf8"),
        catch: (error) => {
          const { because, advice } = describe(error)
          return invalid(operation, `cannot read "${given}" of ${option}: ${because}`, advice)
        }
      })
  if (isPem(text) && text.includes(`${kind}-----`)) return text
  const name = isText ? "the text" : `"${given}"`
  return yield* invalid(operation, `${name} of ${option} holds no ${kind} in PEM form`, "Convert it with openssl.")
})
