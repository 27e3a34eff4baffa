/** `carto user`: whose a key is, the account, and the members of an organization. */
import { branch } from "../branch.ts"
import { account } from "./user/account.ts"
import { create } from "./user/create.ts"
import { deleteCommand } from "./user/delete.ts"
import { get } from "./user/get.ts"
import { list } from "./user/list.ts"
import { me } from "./user/me.ts"
import { quota } from "./user/quota.ts"
import { update } from "./user/update.ts"

export const user = branch("user", { me, account, quota, list, get, create, update, delete: deleteCommand })
