/** `carto table`: what lies in the database, datasets or not. */
import { branch } from "../branch.ts"
import { list } from "./table/list.ts"

export const table = branch("table", { list })
