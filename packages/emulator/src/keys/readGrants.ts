/** Reads the grants of a request, and tells what is wrong with them in the application's words (platform reference, §12.3). */
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { apis, dataservices, type Grants } from "./Grants.ts"

const Database = Schema.Struct({
  type: Schema.Literal("database"),
  tables: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        schema: Schema.String,
        name: Schema.String,
        permissions: Schema.Array(Schema.Literals(["select", "insert", "update", "delete"])),
        owner: Schema.optionalKey(Schema.Boolean)
      })
    )
  ),
  schemas: Schema.optionalKey(
    Schema.Array(Schema.Struct({ name: Schema.String, permissions: Schema.Array(Schema.Literal("create")) }))
  ),
  table_metadata: Schema.optionalKey(Schema.Array(Schema.Unknown))
})

const Section = Schema.Union([
  Schema.Struct({ type: Schema.Literal("apis"), apis: Schema.Array(Schema.Literals(apis)) }),
  Database,
  Schema.Struct({ type: Schema.Literal("dataservices"), services: Schema.Array(Schema.Literals(dataservices)) }),
  Schema.Struct({ type: Schema.Literal("user"), data: Schema.Array(Schema.Literal("profile")) }),
  Schema.Struct({ type: Schema.Literal("data-observatory"), datasets: Schema.Array(Schema.String) })
])
type Section = typeof Section.Type

const decode = Schema.decodeUnknownResult(Schema.Array(Section), { errors: "all", onExcessProperty: "error" })
const format = SchemaIssue.makeFormatterStandardSchemaV1()

const problems = (issue: SchemaIssue.Issue): ReadonlyArray<string> =>
  (format(issue).issues ?? []).map(
    ({ message, path = [] }) =>
      `The property '#/${path.map((key) => String(Predicate.isObject(key) ? key.key : key)).join("/")}' is wrong: ${message}`
  )

const repeated = (sections: ReadonlyArray<unknown>): ReadonlyArray<string> => {
  const count = (type: string) =>
    sections.filter((section) => Predicate.hasProperty(section, "type") && section.type === type).length
  return ["apis", "database", "dataservices", "user", "data-observatory"]
    .filter((type) => count(type) > 1 || (type === "apis" && count(type) === 0))
    .map((type) => `only one ${type} section is allowed`)
}

const ofSection = (section: Section): Grants => {
  switch (section.type) {
    case "apis":
      return { apis: section.apis }
    case "database":
      return {
        tables: (section.tables ?? []).map(({ name, permissions, schema }) => ({ schema, table: name, permissions })),
        schemas: (section.schemas ?? []).map(({ name, permissions }) => ({ schema: name, permissions })),
        tableMetadata: section.table_metadata !== undefined
      }
    case "dataservices":
      return { dataservices: section.services }
    case "user":
      return { profile: section.data.includes("profile") }
    case "data-observatory":
      return { datasets: section.datasets }
  }
}

/** The grants, or every text of what is wrong. */
export const readGrants = (value: unknown): Result.Result<Grants, ReadonlyArray<string>> => {
  const sections: ReadonlyArray<unknown> | undefined = Array.isArray(value) ? value : undefined
  if (sections === undefined) return Result.fail(["grants has to be an array"])
  const decoded = decode(sections)
  const texts = [...repeated(sections), ...(Result.isFailure(decoded) ? problems(decoded.failure.issue) : [])]
  if (Result.isFailure(decoded) || texts.length > 0) return Result.fail(texts)
  let grants: Grants = {}
  for (const section of decoded.success) grants = { ...grants, ...ofSection(section) }
  return Result.succeed(grants)
}
