/** `carto emulator`: a CARTO on this machine. */
import { branch } from "../branch.ts"
import { start } from "./emulator/start.ts"

export const emulator = branch("emulator", { start })
