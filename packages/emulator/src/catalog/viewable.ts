/** Which things a stranger may see (platform reference, §8.4). */
import * as Effect from "effect/Effect"
import * as Params from "../Params.ts"
import { passwordHash } from "../passwordHash.ts"
import { Refusal, refuseWithCause } from "../Refusal.ts"
import type { Visit } from "../routes/platform.ts"
import { Catalog } from "./Catalog.ts"
import type { Visualization } from "./Visualization.ts"
import { isOwner } from "./view.ts"

const notViewable = refuseWithCause(403, "Visualization not viewable")

const passwordAsked = new Refusal({
  status: 403,
  body: {
    errors: "Visualization not viewable",
    errors_cause: "privacy_password",
    visualization: { privacy: "password", user: { google_maps_query_string: null } }
  }
})

/** What is public, what the link leads to, and what the password opens; a map only if all its datasets may be seen. */
export const checkViewable = Effect.fnUntraced(function* (visit: Visit, visualization: Visualization) {
  const { id, password_hash, privacy } = visualization
  if (isOwner(visit)) return
  if (privacy === "PASSWORD") {
    const password = Params.text(visit.params, "password")
    const opens = password !== undefined && passwordHash(id, password) === password_hash
    return yield* opens ? Effect.void : Effect.fail(passwordAsked)
  }
  const hidden = (yield* (yield* Catalog).datasetsOf(id)).some((dataset) => dataset.privacy === "PRIVATE")
  return yield* privacy === "PRIVATE" || hidden ? Effect.fail(notViewable) : Effect.void
})
