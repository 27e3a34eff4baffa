import * as fs from "node:fs"
import type { RequestListener } from "node:http"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Carto } from "@effect-carto/core"
import { VisualizationExportId } from "@effect-carto/core/VisualizationExport"
import * as NodeHttp from "@effect-carto/node/NodeHttp"
import * as NodeVisualizationExport from "@effect-carto/node/NodeVisualizationExport"
import { Effect, Layer, Redacted } from "effect"
import { inDirectory } from "./Directory.ts"
import { serve } from "./TestServer.ts"

const id = VisualizationExportId.make("e1")
const content = Buffer.alloc(3_000_000, "carto")

/** A server of CARTO that tells where the file is, and a storage, which remembers the headers it was sent. */
const servers = Effect.fnUntraced(function* (storage: RequestListener) {
  const keys: Array<string | undefined> = []
  const { url } = yield* serve((request, response) => {
    keys.push(request.headers.authorization)
    storage(request, response)
  })
  const carto = yield* serve((_, response) => {
    response.setHeader("content-type", "application/json")
    response.end(
      JSON.stringify({ id, visualization_id: "m1", user_id: "u1", state: "complete", url: `${url}/m1.carto?sig=1` })
    )
  })
  const layer = Carto.layer({ url: `${carto.url}/user/alice`, apiKey: Redacted.make("key"), retries: 0 }).pipe(
    Layer.provide(NodeHttp.layer())
  )
  return { keys, layer }
})

describe("NodeVisualizationExport.toFile", () => {
  it.live("writes the file of another host, which does not get the key", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const { keys, layer } = yield* servers((_, response) => response.end(content))
        const path = join(directory, "m1.carto")
        const written = yield* Effect.provide(NodeVisualizationExport.toFile(id, path), layer)
        assert.strictEqual(written.bytes, content.length)
        assert.isTrue(fs.readFileSync(path).equals(content))
        assert.deepStrictEqual(keys, [undefined])
      }).pipe(Effect.scoped)
    )
  )

  it.live("leaves the old file when the new one breaks off", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const { layer } = yield* servers((_, response) => {
          response.setHeader("content-length", content.length)
          response.write(content.subarray(0, 1_000_000), () => response.destroy())
        })
        const path = join(directory, "m1.carto")
        fs.writeFileSync(path, "old")
        const error = yield* Effect.flip(Effect.provide(NodeVisualizationExport.toFile(id, path), layer))
        assert.strictEqual(error.reason._tag, "TransportError")
        assert.strictEqual(fs.readFileSync(path, "utf8"), "old")
        assert.deepStrictEqual(fs.readdirSync(directory), ["m1.carto"])
      }).pipe(Effect.scoped)
    )
  )
})
