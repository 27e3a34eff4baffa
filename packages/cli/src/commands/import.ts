/** `carto import`: datasets of files, addresses, queries and other databases. */
import { branch } from "../branch.ts"
import { create } from "./import/create.ts"
import { get } from "./import/get.ts"
import { inspect } from "./import/inspect.ts"
import { list } from "./import/list.ts"
import { wait } from "./import/wait.ts"

export const importGroup = branch("import", { create, inspect, wait, get, list })
