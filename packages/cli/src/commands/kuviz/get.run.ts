/** The work of `carto kuviz get`. */
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { find, shape } from "./record.ts"

export const run = ({ idOrName }: { readonly idOrName: string }) => Records.one(shape, withSession(find(idOrName)))
