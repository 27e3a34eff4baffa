/** The body of a request for an import: parameters, or a file, or both. */
import * as Effect from "effect/Effect"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Multipart from "effect/http/Multipart"
import * as Stream from "effect/Stream"
import * as Params from "../Params.ts"
import { baseName, type ImportFile } from "./File.ts"
import { badImport } from "./importRequest.ts"
import type { Workspace } from "./Workspace.ts"

/** What a body held; its fields are those of the form, or the members of the JSON object. */
export interface Upload {
  readonly fields: Params.Values
  readonly file: ImportFile | undefined
}

/** The kept name of a file: without folders, and without blanks. */
const fileName = (name: string): string => baseName(name).replace(/\s/g, "_")

const isMultipart = (request: HttpServerRequest.HttpServerRequest): boolean =>
  /^multipart\/form-data/i.test(request.headers["content-type"] ?? "")

const readMultipart = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest, workspace: Workspace) {
  const fields = new Map<string, unknown>()
  const files = new Map<string, ImportFile>()
  yield* Stream.runForEach(
    request.multipartStream,
    Effect.fnUntraced(function* (part) {
      if (Multipart.isField(part)) fields.set(part.key, part.value)
      else if (part.key === "file" || part.key === "filename") {
        files.set(part.key, { name: fileName(part.name), path: yield* workspace.write(part.content) })
      } else yield* Stream.runDrain(part.content)
    })
  )
  return { fields, file: files.get("file") ?? files.get("filename") } satisfies Upload
})

/** Spools what was uploaded to disk; memory stays flat. A body that breaks off is answered with 400. */
export const importUpload = Effect.fnUntraced(
  function* (request: HttpServerRequest.HttpServerRequest, workspace: Workspace) {
    if (isMultipart(request)) return yield* readMultipart(request, workspace)
    const name = Params.query(request).get("filename")
    const isEmpty = request.headers["content-length"] === "0"
    if (typeof name === "string" && name !== "" && !isEmpty) {
      const file = { name: fileName(name), path: yield* workspace.write(request.stream) }
      return { fields: new Map(), file } satisfies Upload
    }
    return { fields: yield* Params.body(request), file: undefined } satisfies Upload
  },
  Effect.mapError(() => badImport("The file could not be stored"))
)
