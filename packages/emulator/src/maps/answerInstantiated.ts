/** Tells a map that was just made. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { Database } from "../Database.ts"
import { addHeaders } from "../routes/endpoint.ts"
import { makeAddresses } from "./addresses.ts"
import { cacheHeaders } from "./cacheHeaders.ts"
import { accountAddress, callback, type MapsExchange } from "./exchange.ts"
import type { Instantiated } from "./instantiate.ts"
import { templateKey } from "./LayergroupId.ts"
import { layergroup } from "./layergroup.ts"
import { jsonText } from "./MapsError.ts"
import { MapsSettings } from "./MapsSettings.ts"

/** Caches keep it for a day, where it was asked for by GET. */
const cacheControl = "public,max-age=86400,must-revalidate"

/** `template` is the one that was filled: then the id is signed. */
export const answerInstantiated = Effect.fnUntraced(function* (
  exchange: MapsExchange,
  { map, metas }: Instantiated,
  template?: { readonly name: string; readonly hash: string }
) {
  const { request, sentKey, user } = exchange
  const { cdn } = yield* MapsSettings
  const signature = template === undefined ? "" : `${user}@${template.hash}@`
  const token = `${signature}${map.id}:${map.buster}`
  const named = template === undefined ? undefined : { user, name: template.name }
  yield* addHeaders({
    "x-layergroup-id": token,
    ...(template === undefined ? {} : { "carto-template-hash": template.hash }),
    ...(named === undefined ? {} : { "surrogate-key": templateKey(user, named.name) })
  })
  if (request.method === "GET") {
    yield* addHeaders(
      cacheHeaders({
        map,
        database: (yield* Database).name,
        now: yield* Clock.currentTimeMillis,
        buster: String(map.buster),
        cacheControl,
        template: named
      })
    )
  }
  const addresses = makeAddresses({ cdn, base: accountAddress(request), user, apiKey: sentKey })
  return jsonText(JSON.stringify(layergroup(map, token, metas, addresses)), callback(request))
})
