/** PostGIS for PGlite, from a bundle that holds only what a classic CARTO database uses. */
import { pathToFileURL } from "node:url"
import type { Extension } from "@electric-sql/pglite"

/** @param bundle path of a tar.gz made by `buildBundle` */
export const postgis = (bundle: string): Extension => ({
  name: "postgis",
  setup: async (_pglite, emscriptenOpts) => {
    Object.assign(emscriptenOpts.PGLITE_ENV, { PROJ_DATA: "/pglite/share/proj" })
    return { emscriptenOpts, bundlePath: pathToFileURL(bundle) }
  }
})
