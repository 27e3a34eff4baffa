/** Where commands find accounts: the saved profiles, and their keys in the keychain. */
import * as Layer from "effect/Layer"
import { Keychain } from "./Keychain.ts"
import { Profiles } from "./Profile.ts"

export const layer = Layer.merge(Profiles.layer, Keychain.layer)
