/** The parameters of a request for an import, checked (platform reference, §6.1). */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Params from "../Params.ts"
import { type Refusal, refuse } from "../Refusal.ts"
import type { Asked, ImportOptions, Privacy, Source } from "./Asked.ts"
import * as ConnectorRequest from "./connector/ConnectorRequest.ts"
import type { ImportFile } from "./File.ts"

/** 400 as the imports tell it (E7). */
export const badImport = (text: string): Refusal => refuse(400, { imports: text })

const isFalse = (value: unknown): boolean => value === false || value === "false"
const isTrue = (value: unknown): boolean => value === true || value === "true"

const privacies: ReadonlyArray<Privacy> = ["private", "public", "link"]

const readPrivacy = (value: string | undefined): Result.Result<Privacy | undefined, string> => {
  if (value === undefined) return Result.succeed(undefined)
  const known = privacies.find((privacy) => privacy === value.toLowerCase())
  return known === undefined
    ? Result.fail(`Unknown value '${value}' for 'privacy'. Allowed values are: private, public and link`)
    : Result.succeed(known)
}

const readCollision = (value: string | undefined): Result.Result<ImportOptions["collision"], string> => {
  if (value === undefined || value === "skip" || value === "overwrite") return Result.succeed(value)
  return Result.fail(`Unknown value '${value}' for 'collision_strategy'. Allowed values are: skip and overwrite`)
}

/**
 * The address of a download. The emulator takes any host and port, so that a test's own server on loopback can be
 * imported from; CARTO itself only lets ports 21, 80 and 443 of public hosts pass.
 */
export const readUrl = (value: string): Result.Result<string, string> => {
  const url = URL.parse(value)
  return url !== null && ["http:", "https:", "ftp:"].includes(url.protocol)
    ? Result.succeed(value)
    : Result.fail(`Invalid URL, cannot connect dataset: ${value}`)
}

const readSource = (params: Params.Params, file: ImportFile | undefined): Result.Result<Source, string> => {
  const url = Params.text(params, "url")
  if (url !== undefined) return Result.map(readUrl(url), (url): Source => ({ _tag: "Url", url }))
  const connector = Params.get(params, "connector")
  if (connector !== undefined && connector !== null) {
    return Result.map(ConnectorRequest.read(connector), (connector): Source => ({ _tag: "Connector", connector }))
  }
  if (Params.text(params, "remote_visualization_id") !== undefined) {
    return Result.fail("The remote visualization cannot be imported")
  }
  if (file !== undefined) return Result.succeed({ _tag: "File", ...file })
  const tableName = Params.text(params, "table_name")
  const sql = Params.text(params, "sql")
  if (sql !== undefined) return Result.succeed({ _tag: "Query", sql, tableName })
  const table = Params.text(params, "table_copy")
  return Result.succeed(table === undefined ? { _tag: "None" } : { _tag: "Copy", table, tableName })
}

const noLimits = { twitter_credits_limit: 0 }

/** Reads the parameters; fails with 400. @param file what was uploaded along with them */
export const importRequest = (params: Params.Params, file: ImportFile | undefined): Effect.Effect<Asked, Refusal> =>
  Result.gen(function* () {
    const item = Params.get(params, "service_item_id")
    if (Predicate.isObject(item)) return yield* Result.fail("service_item_id must be a string")
    const limits = Params.get(params, "user_defined_limits")
    return {
      source: yield* readSource(params, file),
      options: {
        typeGuessing: !isFalse(Params.get(params, "type_guessing")),
        quotedFieldsGuessing: !isFalse(Params.get(params, "quoted_fields_guessing")),
        contentGuessing: isTrue(Params.get(params, "content_guessing")),
        createVis: isTrue(Params.get(params, "create_vis")),
        privacy: yield* readPrivacy(Params.text(params, "privacy")),
        collision: yield* readCollision(Params.text(params, "collision_strategy"))
      },
      userDefinedLimits: JSON.stringify(Predicate.isObject(limits) ? { ...noLimits, ...limits } : noLimits)
    }
  }).pipe(Effect.fromResult, Effect.mapError(badImport))
