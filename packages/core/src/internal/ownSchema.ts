/** Where the account's tables are: `public`, but the user's name in an organization (platform reference, §12.2). */
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { CartoClient } from "../CartoClient.ts"
import type { CartoError } from "../CartoError.ts"
import { Me } from "../User.ts"

/** No address tells for sure whether the user is in an organization, so that the server is asked. */
export const ownSchema = (carto: CartoClient["Service"], operation: string): Effect.Effect<string, CartoError> =>
  Effect.map(carto.json(operation, Me, HttpClientRequest.get("/api/v4/me")), ({ organization, username }) =>
    organization == null ? "public" : username
  )
