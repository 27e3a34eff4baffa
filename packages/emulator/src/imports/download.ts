/** Fetches a URL into the folder of its import, and tells whether it is what was fetched the last time. */
import { createHash } from "node:crypto"
import { STATUS_CODES } from "node:http"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import { baseName, extension, type ImportFile } from "./File.ts"
import { failure, ImportFailure } from "./failures.ts"
import type { Workspace } from "./Workspace.ts"

/** What is known of a source: by it a later download sees that nothing changed. */
export interface SourceState {
  readonly etag: string | null
  /** Milliseconds; from `Last-Modified`. */
  readonly modifiedAt: number | null
  /** Of the content. */
  readonly checksum: string
}

/** Without a file the source is as it was. */
export interface Downloaded {
  readonly file: ImportFile | undefined
  readonly state: SourceState
}

const extensionOf: Readonly<Record<string, string>> = {
  "text/csv": "csv",
  "text/tab-separated-values": "tsv",
  "text/plain": "csv",
  "application/json": "geojson",
  "application/geo+json": "geojson",
  "application/vnd.geo+json": "geojson",
  "application/zip": "zip",
  "application/x-zip-compressed": "zip",
  "application/gzip": "gz",
  "application/vnd.google-earth.kml+xml": "kml",
  "application/vnd.google-earth.kmz": "kmz",
  "application/gpx+xml": "gpx",
  "application/geopackage+sqlite3": "gpkg",
  "application/vnd.ms-excel": "xls",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx"
}

const decoded = (text: string): string =>
  Option.getOrElse(Option.liftThrowable(() => decodeURIComponent(text))(), () => text)

const named = ({ "content-disposition": disposition = "" }: Readonly<Record<string, string | undefined>>) => {
  const encoded = /filename\*=(?:UTF-8'[^']*')?([^;]+)/i.exec(disposition)?.[1]
  return encoded === undefined ? /filename="?([^";]+)"?/i.exec(disposition)?.[1] : decoded(encoded)
}

/** The name in the headers, or else the last part of the address; with an extension that tells the format. */
const fileName = ({ headers, request }: HttpClientResponse.HttpClientResponse): string => {
  const name =
    baseName(named(headers) ?? decoded(URL.parse(request.url)?.pathname ?? "")).replace(/\s/g, "_") || "import"
  if (extension(name) !== "") return name
  const type = (headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? ""
  const ending = extensionOf[type]
  return ending === undefined ? name : `${name}.${ending}`
}

const refused = (status: number): ImportFailure => {
  const code = status === 404 ? 1100 : status === 401 || status === 403 ? 1101 : 1001
  return new ImportFailure({ code, http: { status, message: STATUS_CODES[status] ?? "" } })
}

/** The codes of Node's own errors, from the innermost cause. */
const codesOf = (error: unknown): ReadonlyArray<string> => {
  if (!Predicate.isObject(error)) return []
  const own = "code" in error && Predicate.isString(error.code) ? [error.code] : []
  return "cause" in error ? [...codesOf(error.cause), ...own] : own
}

const unreachable = ({ reason }: HttpClientError.HttpClientError): ImportFailure => {
  const codes = codesOf(reason)
  if (codes.some((code) => code === "ENOTFOUND" || code === "EAI_AGAIN")) return failure(1102)
  return failure(codes.some((code) => /TIMEOUT|ETIMEDOUT/.test(code)) ? 1020 : 1001)
}

const conditions = (known: SourceState | undefined): Readonly<Record<string, string>> => ({
  ...(known?.etag ? { "if-none-match": known.etag } : {}),
  ...(known?.modifiedAt ? { "if-modified-since": new Date(known.modifiedAt).toUTCString() } : {})
})

const lastModified = (text: string | undefined): number | null =>
  Option.match(DateTime.make(text ?? ""), { onNone: () => null, onSome: DateTime.toEpochMillis })

/** Follows redirects. Fails with one of CARTO's codes for downloads. */
export const download = Effect.fnUntraced(function* (
  url: string,
  workspace: Workspace,
  known?: SourceState
): Effect.fn.Return<Downloaded, ImportFailure, HttpClient.HttpClient> {
  if (!/^https?:/i.test(url)) return yield* failure(1001)
  const http = HttpClient.followRedirects(yield* HttpClient.HttpClient)
  const request = HttpClientRequest.setHeaders(HttpClientRequest.get(url), conditions(known))
  const response = yield* http.execute(request).pipe(
    // The last address may be what names the file.
    Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
    Effect.mapError(unreachable)
  )
  if (response.status === 304 && known !== undefined) return { file: undefined, state: known }
  if (response.status < 200 || response.status > 299) return yield* refused(response.status)
  const hash = createHash("md5")
  const path = yield* workspace
    .write(Stream.tap(response.stream, (bytes) => Effect.sync(() => hash.update(bytes))))
    .pipe(Effect.mapError(() => failure(1103)))
  const state: SourceState = {
    etag: response.headers.etag ?? null,
    modifiedAt: lastModified(response.headers["last-modified"]),
    checksum: hash.digest("hex")
  }
  return known?.checksum === state.checksum
    ? { file: undefined, state }
    : { file: { name: fileName(response), path }, state }
})
