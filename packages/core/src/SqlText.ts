/** What can be told of SQL text without a server: its statements, whether they read, and which way a COPY goes. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { lex, type Open, type Token } from "./internal/sqlLexer.ts"
import { copyRoute, reads } from "./internal/sqlReads.ts"

export type { Open }

/** Text that is not what a method needs. */
export class SqlTextError extends Schema.TaggedError<SqlTextError>("carto/SqlTextError")("SqlTextError", {
  reason: Schema.String
}) {
  override get message(): string {
    return this.reason
  }
}

/** One statement, without its semicolon and the white space and comments around it. */
export interface Statement {
  readonly text: string
  /** The first word in upper case, behind opening parentheses: `SELECT`, `CREATE`, … */
  readonly keyword: string
  /**
   * True only for SELECT, VALUES, TABLE, WITH, SHOW, EXPLAIN and COPY TO STDOUT without anything in them that writes
   * or locks. In doubt it is false. Of functions that write, those of PostgreSQL and CARTO are known, no others.
   */
  readonly isReadOnly: boolean
}

/** The bodies of `CREATE FUNCTION … BEGIN ATOMIC … END` and of rules hold semicolons of their own. */
const splitAtSemicolons = (tokens: ReadonlyArray<Token>): ReadonlyArray<ReadonlyArray<Token>> => {
  const groups: Array<Array<Token>> = []
  let group: Array<Token> = []
  let parentheses = 0
  let blocks = 0
  for (const token of tokens) {
    if (token.text === ";" && parentheses <= 0 && blocks === 0) {
      groups.push(group)
      group = []
      parentheses = 0
      continue
    }
    if (token.text === "(") parentheses++
    else if (token.text === ")") parentheses--
    else if (blocks > 0 && token.text === "CASE") blocks++
    else if (blocks > 0 && token.text === "END") blocks--
    else if (token.text === "ATOMIC" && group.at(-1)?.text === "BEGIN" && group[0]?.text === "CREATE") blocks++
    group.push(token)
  }
  groups.push(group)
  return groups.filter((tokens) => tokens.length > 0)
}

const tokensOf = (sql: string): Result.Result<ReadonlyArray<ReadonlyArray<Token>>, SqlTextError> => {
  const { open, tokens } = lex(sql)
  return open === undefined || open === "line comment"
    ? Result.succeed(splitAtSemicolons(tokens))
    : Result.fail(new SqlTextError({ reason: `The SQL ends inside a ${open}` }))
}

const keywordOf = (tokens: ReadonlyArray<Token>): string => {
  const first = tokens.find((token) => token.text !== "(")
  return first?.kind === "word" ? first.text : ""
}

/** The statements of a text; empty ones are left out. Fails on text that ends inside quotes or a comment. */
export const statements = (sql: string): Result.Result<ReadonlyArray<Statement>, SqlTextError> =>
  Result.map(tokensOf(sql), (groups) =>
    groups.map((tokens) => ({
      text: sql.slice(tokens[0]?.start, tokens.at(-1)?.end),
      keyword: keywordOf(tokens),
      isReadOnly: reads(tokens)
    }))
  )

/** Whether every statement of a text only reads; see `Statement.isReadOnly`. */
export const isReadOnly = (sql: string): boolean =>
  Result.match(statements(sql), { onFailure: () => false, onSuccess: (all) => all.every((one) => one.isReadOnly) })

/**
 * The direction of a text that is a single COPY through the connection. Everything else is refused, because the server
 * hangs, or poisons a pooled connection, on a COPY in the wrong direction or with a second statement behind it.
 */
export const copyDirection = (sql: string): Result.Result<"from" | "to", SqlTextError> =>
  Result.flatMap(tokensOf(sql), (groups) => {
    const fail = (reason: string) => Result.fail(new SqlTextError({ reason }))
    const tokens = groups[0]
    if (tokens === undefined || !/^copy /i.test(sql)) return fail('The SQL must start with "COPY "')
    if (groups.length > 1) return fail("A COPY must be the only statement of a request")
    const route = copyRoute(tokens)
    if (route?.standard !== true) return fail("A COPY must go FROM STDIN or TO STDOUT")
    return Result.succeed(route.direction)
  })

/** What a text ends inside of; undefined is code. */
export const endsInside = (sql: string): Open | undefined => lex(sql).open

/** Stands for a value while a template is looked at; no SQL has this character outside of quotes. */
const HOLE = "\u0001"

/**
 * Whether all values of a template stand in code. `parts` are the texts around them. A literal is not safe anywhere
 * else: between quotes it ends the string, in a line comment its first newline ends the comment.
 */
export const valuesAreInCode = (parts: ReadonlyArray<string>): boolean =>
  lex(parts.join(HOLE)).tokens.filter((token) => token.text === HOLE).length === parts.length - 1
