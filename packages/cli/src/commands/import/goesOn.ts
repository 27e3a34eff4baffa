/** What is told of an import that is no longer waited for: the server cannot stop it. */
import type * as Import from "@effect-carto/core/Import"
import * as Output from "../../Output.ts"

export const goesOn = (id: Import.ImportId, label = "the import") =>
  Output.note(`${label} goes on; carto import wait ${id} waits for it again`)
