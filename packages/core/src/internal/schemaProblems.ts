/** What is wrong with a value, in one line: where it is and what was expected, never what was there. */
import type * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"

type Path = ReadonlyArray<PropertyKey>

interface Problem {
  readonly path: Path
  readonly message: string
}

/** `Missing key at layers[0].options.sql; …` */
export const describe = ({ issue }: Schema.SchemaError): string =>
  [...new Set(problems(issue, []).map(({ message, path }) => `${message}${where(path)}`))].join("; ")

const standard = SchemaIssue.makeFormatterStandardSchemaV1()

const problems = (issue: SchemaIssue.Issue, path: Path): ReadonlyArray<Problem> => {
  switch (issue._tag) {
    case "Pointer":
      return problems(issue.issue, [...path, ...issue.path])
    case "Encoding":
      return problems(issue.issue, path)
    case "Composite":
      return issue.issues.flatMap((issue) => problems(issue, path))
    case "AnyOf":
      return issue.issues.length === 0 ? leaf(issue, path) : meant(issue.issues, path)
    default:
      return leaf(issue, path)
  }
}

const leaf = (issue: SchemaIssue.Issue, path: Path): ReadonlyArray<Problem> =>
  standard(issue).issues.map((found) => ({ message: found.message, path: [...path, ...keys(found.path)] }))

const keys = (path: StandardPath): Path => (path ?? []).map((key) => (typeof key === "object" ? key.key : key))

type StandardPath = ReturnType<typeof standard>["issues"][number]["path"]

/** Of several alternatives those that have the value's `type` or `method`; if none has, that is all to be said. */
const meant = (issues: ReadonlyArray<SchemaIssue.Issue>, path: Path): ReadonlyArray<Problem> => {
  const alternatives = issues.map((issue) => problems(issue, path))
  const isKind = (problem: Problem) =>
    problem.path.length === path.length + 1 && ["type", "method"].includes(String(problem.path.at(-1)))
  const ofKind = alternatives.filter((alternative) => !alternative.some(isKind))
  return ofKind.length > 0 ? ofKind.flat() : alternatives.flat().filter(isKind)
}

const where = (path: Path): string =>
  path.length === 0
    ? ""
    : ` at ${path.map((key, i) => (typeof key === "number" ? `[${key}]` : `${i === 0 ? "" : "."}${String(key)}`)).join("")}`
