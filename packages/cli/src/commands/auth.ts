/** `carto auth`: accounts and keys. */
import { branch } from "../branch.ts"
import { list } from "./auth/list.ts"
import { login } from "./auth/login.ts"
import { logout } from "./auth/logout.ts"
import { status } from "./auth/status.ts"
import { switchTo } from "./auth/switch.ts"

export const auth = branch("auth", { login, status, list, switch: switchTo, logout })
