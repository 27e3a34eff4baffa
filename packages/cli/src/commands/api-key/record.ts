/** A key as it is printed. Its token is shown only where a command is for that. */
import * as ApiKey from "@effect-carto/core/ApiKey"
import * as Redacted from "effect/Redacted"
import { inWords } from "../../abilities.ts"
import * as Records from "../../Records.ts"

const fields = [
  "name",
  "type",
  "user",
  "may",
  "apis",
  "tables",
  "schemas",
  "table_metadata",
  "dataservices",
  "datasets",
  "created_at",
  "updated_at"
] as const

export const shape = Records.shape(fields, ["name", "type", "may", "updated_at"])

/** For who has just made the key, or asks for its token. */
export const withToken = Records.shape([...fields, "token"])

export const record = (key: ApiKey.ApiKey) => {
  const abilities = ApiKey.abilities(key)
  const { apis, datasets, dataservices, schemas, tableMetadata, tables } = abilities
  return {
    name: key.name,
    type: key.type,
    user: key.user?.username,
    may: inWords(abilities),
    apis,
    tables,
    schemas,
    table_metadata: tableMetadata,
    dataservices,
    datasets,
    created_at: key.created_at,
    updated_at: key.updated_at
  }
}

export const recordWithToken = (key: ApiKey.ApiKey) => ({ ...record(key), token: Redacted.value(key.token) })
