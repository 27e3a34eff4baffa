/** The work of `carto kuviz get`. */
import { Kuviz } from "@effect-carto/core/Kuviz"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { find, shape } from "./record.ts"

export const run = ({ idOrName }: { readonly idOrName: string }) =>
  Records.one(shape, withSession(Kuviz.layer(), find(idOrName)))
