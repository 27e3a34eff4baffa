/** The work of `carto api-key check`. */
import { type ApiKeyCheck, ApiKeys } from "@effect-carto/core/ApiKeys"
import * as Effect from "effect/Effect"
import { inWords } from "../../abilities.ts"
import { authentication } from "../../CommandError.ts"
import * as Records from "../../Records.ts"
import { line } from "../../secretInput.ts"
import { withSession } from "../../session.ts"

const shape = Records.shape([
  "good",
  "message",
  "name",
  "type",
  "user",
  "organization",
  "may",
  "everything",
  "apis",
  "tables",
  "schemas",
  "table_metadata",
  "dataservices",
  "datasets"
])

/** Prints what it found in any case. */
export const run = Effect.fnUntraced(function* ({ apiKeyStdin }: { readonly apiKeyStdin: boolean }) {
  const key = apiKeyStdin ? yield* line("key") : undefined
  const found = yield* withSession(
    ApiKeys.layer(),
    Effect.flatMap(ApiKeys, ({ check }) => check(key))
  )
  if (found._tag === "Refused") {
    if (yield* Records.isJson) yield* Records.one(shape, Effect.succeed({ good: false, message: found.message }))
    return yield* authentication(said(found.message), refused)
  }
  yield* Records.told(shape, lines(found), recordOf(found))
})

/** Some servers refuse a key without a word, and the client's own are no news then. */
const said = (message: string): string =>
  message === "the key was refused" ? "The key is refused." : `The key is refused: ${message}`

const refused = "It may be mistyped, deleted, regenerated or another account's; the server does not say which."

type Good = Extract<ApiKeyCheck, { readonly _tag: "Good" }>

const recordOf = ({ abilities, name, organization, type, username }: Good) => ({
  good: true,
  name,
  type,
  user: username,
  organization,
  may: abilities === undefined ? undefined : inWords(abilities),
  everything: abilities?.everything,
  apis: abilities?.apis,
  tables: abilities?.tables,
  schemas: abilities?.schemas,
  table_metadata: abilities?.tableMetadata,
  dataservices: abilities?.dataservices,
  datasets: abilities?.datasets
})

const lines = ({ abilities, name, organization, type, username }: Good): ReadonlyArray<string> => [
  `The key is good: ${[type, name].filter((part) => part !== undefined).join(" key ") || "of a type that the server does not tell"}`,
  `of      ${username}${organization === undefined ? "" : `, organization ${organization}`}`,
  `may     ${abilities === undefined ? "nobody can tell" : inWords(abilities)}`
]
