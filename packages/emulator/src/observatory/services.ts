/** The Data Observatory of one account. */
import * as Layer from "effect/Layer"
import { Observatory } from "./Observatory.ts"
import { Subscriptions } from "./Subscriptions.ts"
import { UserDatasets } from "./UserDatasets.ts"
import { Works } from "./Works.ts"

/** Kept in the database under the name of the account. */
export const observatoryLayer = Observatory.layer.pipe(
  Layer.provideMerge(Layer.mergeAll(Subscriptions.layer, UserDatasets.layer, Works.layer))
)
