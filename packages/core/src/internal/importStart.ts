/** Starts an import: parameters as JSON, or a file as one part of a form that is streamed (platform reference, §6.1). */
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { CartoClient } from "../CartoClient.ts"
import type { CartoError } from "../CartoError.ts"
import { type Count, counted } from "../CopyProgress.ts"
import { ImportId } from "../Import.ts"
import type { ImportOptions } from "../ImportOptions.ts"
import type { BytesSource, ImportSource } from "../ImportSource.ts"
import { secretsOf } from "./connectorJson.ts"
import { asFields, fileName, parameters, sourceJson } from "./importRequest.ts"
import { multipart, ofSize } from "./multipart.ts"
import { refuse } from "./refuse.ts"
import { scrub } from "./scrub.ts"
import { uploading } from "./uploading.ts"

export const api = "/api/v1/imports"

/** An import that is ready to be started. */
export interface Start<E, R> {
  readonly send: Effect.Effect<ImportId, E | CartoError, R>
  /** Whether it may be sent again after it was refused: not once some of a source was taken that is there only once. */
  readonly mayResend: () => boolean
  /** Takes the secrets of the source out of errors. */
  readonly clean: (error: CartoError) => CartoError
}

const Created = Schema.Struct({ item_queue_id: ImportId })

/** Looks at everything that can be looked at before something is sent. */
export const prepare = Effect.fnUntraced(function* <E, R>(
  carto: CartoClient["Service"],
  operation: string,
  source: ImportSource<E, R>,
  options: ImportOptions
): Effect.fn.Return<Start<E, R>, E | CartoError, R> {
  const common = yield* parameters(operation, options)
  if (source._tag === "Bytes") return yield* upload(carto, operation, source, common, options)
  const request = HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.post(api), {
    ...common,
    ...(yield* sourceJson(operation, source))
  })
  const secrets = secretsIn(source)
  return {
    send: Effect.map(
      carto.json(operation, Created, request, {
        // Other refusals repeat what they were sent, and the client's log of its pauses would, too.
        mayRepeat: (error) => error.isSurelyUndone && (secrets.length === 0 || error.reason._tag === "TransportError")
      }),
      ({ item_queue_id }) => item_queue_id
    ),
    mayResend: () => true,
    clean: scrub(secrets)
  }
})

const upload = Effect.fnUntraced(function* <E, R>(
  carto: CartoClient["Service"],
  operation: string,
  source: BytesSource<E, R>,
  common: { readonly [name: string]: Schema.Json },
  { onProgress }: ImportOptions
): Effect.fn.Return<Start<E, R>, E | CartoError, R> {
  const name = yield* fileName(operation, source.name)
  const { replayable = true, size } = yield* source.facts
  if (size === 0) return yield* refuse(operation, `"${name}" is empty`, "Give at least one row or feature.")
  const count: Count = { bytes: 0, rows: undefined }
  const mayResend = () => replayable || count.bytes === 0
  const whole =
    size === undefined
      ? source.bytes
      : ofSize(source.bytes, size, (found) =>
          refuse(operation, `"${name}" has ${found} bytes, not ${size}`, "Do not change it while it is imported.")
        )
  const watched = counted(
    whole,
    count,
    onProgress && (({ bytes, bytesPerSecond, elapsed }) => onProgress({ name, bytes, size, elapsed, bytesPerSecond }))
  )
  const send = uploading(watched, (bytes) =>
    Effect.flatMap(multipart({ fields: asFields(common), name, bytes, size }), (form) =>
      carto.json(
        operation,
        Created,
        HttpClientRequest.post(api, { body: HttpBody.stream(form.bytes, form.contentType, form.contentLength) }),
        { mayRepeat: (error) => mayResend() && error.isSurelyUndone }
      )
    )
  )
  return { send: Effect.map(send, ({ item_queue_id }) => item_queue_id), mayResend, clean: (error) => error }
})

/** What the request tells the server and nobody else may see. */
export const secretsIn = <E, R>(source: ImportSource<E, R>): ReadonlyArray<Redacted.Redacted> => {
  if (source._tag === "Database") return secretsOf(source.connector.parameters)
  if (source._tag !== "Url") return []
  const { url } = source
  const text = Redacted.isRedacted(url) ? Redacted.value(url) : url
  const password = URL.canParse(text) ? new URL(text).password : ""
  return [
    ...(Redacted.isRedacted(url) ? [url] : []),
    ...(password === "" ? [] : [Redacted.make(password), Redacted.make(decodeURIComponent(password))])
  ]
}
