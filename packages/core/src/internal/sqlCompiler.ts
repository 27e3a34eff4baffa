/** Compiles effect's statements to text in which every value is a literal: the API binds no parameters. */
import * as Result from "effect/Result"
import * as Statement from "effect/sql/Statement"
import * as Literal from "../Literal.ts"
import { valuesAreInCode } from "../SqlText.ts"

/**
 * Stands where a value has no literal, before the reason. PostgreSQL's text cannot hold NUL, so nothing else can be
 * mistaken for it; the compiler's callbacks cannot fail in any other way than with a defect.
 */
const unwritable = "\u0000"

/** Why a compiled text must not be sent, if one of its values has no literal. */
export const refusal = (text: string): string | undefined => {
  const at = text.indexOf(unwritable)
  return at === -1 ? undefined : (text.slice(at + 1).split(unwritable, 1)[0] ?? "")
}

const written = <E>(text: Result.Result<string, E>): string =>
  Result.match(text, {
    onFailure: (error) => `${unwritable}${error instanceof Error ? error.message : String(error)}${unwritable}`,
    onSuccess: (text) => text
  })

const literal = (value: unknown): string => written(Literal.encode(value))

const returned = (returning: readonly [sql: string, params: ReadonlyArray<unknown>] | undefined) =>
  returning === undefined ? "" : ` RETURNING ${returning[0]}`

const literals: Statement.Compiler = Statement.makeCompiler({
  dialect: "pg",
  placeholder: (_, value) => literal(value),
  onIdentifier: (name) => written(Result.try(() => Literal.qualified(name))),
  onRecordUpdate: (placeholders, alias, columns, values, returning) => [
    `(values ${placeholders}) AS ${alias}${columns}${returned(returning)}`,
    values.flat()
  ],
  onCustom: (type) => [literal(type), []]
})

/** The texts around the values and names of a statement. */
const textsOf = ({ segments }: Statement.Fragment): ReadonlyArray<string> => {
  const texts = [""]
  for (const segment of segments) {
    if (segment._tag === "Literal") texts[texts.length - 1] += segment.value
    else texts.push("")
  }
  return texts
}

const misplaced = written(
  Result.fail("a value stands inside quotes or a comment, where it could end them; put it outside, and join with ||")
)

/** Nothing is compiled whose values stand where a literal is not safe, as in `` sql`… like '%${text}%'` ``. */
export const compiler: Statement.Compiler = {
  dialect: literals.dialect,
  compile: (statement, withoutTransform) => {
    const texts = textsOf(statement)
    return texts.length === 1 || valuesAreInCode(texts)
      ? literals.compile(statement, withoutTransform)
      : [misplaced, []]
  },
  get withoutTransform() {
    return this
  }
}

/** The text of a statement or fragment, its values as literals. */
export const textOf = (fragment: Statement.Fragment): string => compiler.compile(fragment, false)[0]
