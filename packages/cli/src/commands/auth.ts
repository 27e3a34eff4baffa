/** `carto auth`: accounts and keys. */
import * as Command from "effect/cli/Command"
import { list } from "./auth/list.ts"
import { login } from "./auth/login.ts"
import { logout } from "./auth/logout.ts"
import { status } from "./auth/status.ts"
import { switchTo } from "./auth/switch.ts"

export const auth = Command.make("auth").pipe(Command.withSubcommands([login, status, list, switchTo, logout]))
