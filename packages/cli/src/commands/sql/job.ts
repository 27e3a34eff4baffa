/** `carto sql job`: batch jobs, for queries that run for hours. */
import * as Command from "effect/cli/Command"
import { branch, type IsCalled } from "../../branch.ts"
import { cancel } from "./job/cancel.ts"
import { create } from "./job/create.ts"
import { get } from "./job/get.ts"
import { list } from "./job/list.ts"
import { wait } from "./job/wait.ts"
import { watch } from "./job/watch.ts"

export const job = (isCalled: IsCalled) =>
  branch("job", { create, wait, watch, get, cancel, list })(isCalled).pipe(
    Command.withDescription("Run queries that take hours as batch jobs; they need the master key"),
    Command.withShortDescription("Run long queries as batch jobs")
  )
