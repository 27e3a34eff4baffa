/** What a CARTO database has before its first table: PostGIS, roles, and the functions of the CARTO extension. */
import { cartodbfy } from "./cartodbfy.ts"
import { geometry } from "./geometry.ts"
import { metadata } from "./metadata.ts"
import { queries } from "./queries.ts"
import { regenerate } from "./regenerate.ts"
import { roles } from "./roles.ts"
import { state } from "./state.ts"
import { tables } from "./tables.ts"

const postgis = "create extension if not exists postgis with schema public;"

/** Run by a superuser. To run it again brings an older database up to date. */
export const bootstrap = [postgis, roles, geometry, metadata, queries, tables, cartodbfy, regenerate, state].join("\n")
