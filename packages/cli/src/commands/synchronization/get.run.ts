/** The work of `carto synchronization get`. */
import { Synchronizations } from "@effect-carto/core/Synchronizations"
import * as Effect from "effect/Effect"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { find } from "./find.ts"
import { record, shape } from "./record.ts"

export const run = ({ idOrName }: { readonly idOrName: string }) =>
  Records.one(shape, withSession(Synchronizations.layer(), Effect.flatMap(find(idOrName), record)))
