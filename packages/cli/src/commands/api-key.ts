/** `carto api-key`: keys and what each may do. */
import { branch } from "../branch.ts"
import { check } from "./api-key/check.ts"
import { create } from "./api-key/create.ts"
import { deleteCommand } from "./api-key/delete.ts"
import { get } from "./api-key/get.ts"
import { list } from "./api-key/list.ts"
import { regenerate } from "./api-key/regenerate.ts"

export const apiKey = branch("api-key", { list, get, create, regenerate, delete: deleteCommand, check })
