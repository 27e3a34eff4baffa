/** `carto sql copy`: PostgreSQL's COPY, the fast way for whole tables. */
import * as Command from "effect/cli/Command"
import { branch, type IsCalled } from "../../branch.ts"
import { from } from "./copy/from.ts"
import { to } from "./copy/to.ts"

export const copy = (isCalled: IsCalled) =>
  branch("copy", { from, to })(isCalled).pipe(
    Command.withDescription("Load a file into a table, or a table into a file, with PostgreSQL's COPY"),
    Command.withShortDescription("Load and unload tables")
  )
