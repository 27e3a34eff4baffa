/** What a new CARTO database starts with. */
import { roles } from "./roles.ts"

const postgis = `
create extension postgis with schema public;
`

/** Run once, by a superuser, in an empty database. */
export const bootstrap = [postgis, roles].join("\n")
