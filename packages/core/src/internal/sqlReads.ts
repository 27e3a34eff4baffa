/** Tells statements that only read from all others, refusing in doubt. */
import type { Token } from "./sqlLexer.ts"

const writing = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"])

const isWord = (token: Token | undefined, ...words: ReadonlyArray<string>): boolean =>
  token !== undefined && token.kind === "word" && words.includes(token.text)

/** `FOR UPDATE` and its like lock rows, which PostgreSQL counts as writing. */
const locks = (tokens: ReadonlyArray<Token>): boolean =>
  tokens.some((token, i) => isWord(token, "FOR") && isWord(tokens[i + 1], "UPDATE", "SHARE", "NO", "KEY"))

/** Functions of PostgreSQL and of CARTO's extension that are called for what they do. */
const doing =
  /^(NEXTVAL|SETVAL|SET_CONFIG|PG_(CANCEL|TERMINATE)_BACKEND|PG_NOTIFY|PG_(TRY_)?ADVISORY_\w+|LO_\w+|DBLINK\w*|_?CDB_(CARTODBFY|REGENERATE|SET|CREATE|DROP|DELETE|ADD|REMOVE|TABLEMETADATATOUCH|GROUP|ORGANIZATION_(ADD|REMOVE|CREATE|DROP))\w*)$/

const callsToDo = (tokens: ReadonlyArray<Token>): boolean =>
  tokens.some((token, i) => token.kind === "word" && doing.test(token.text) && tokens[i + 1]?.text === "(")

/**
 * A query reads unless it has INTO or a lock, calls a function that is known to do something, or has one of the writing
 * words anywhere: inside a CTE they may write, and as a name they can be quoted.
 */
const queryReads = (tokens: ReadonlyArray<Token>): boolean =>
  !locks(tokens) &&
  !callsToDo(tokens) &&
  !tokens.some(
    (token, i) =>
      isWord(token, "INTO") || (token.kind === "word" && writing.has(token.text) && !isWord(tokens[i - 1], "AS"))
  )

/** The options of EXPLAIN, in either form, and where the statement begins. */
const explained = (tokens: ReadonlyArray<Token>): ReadonlyArray<Token> => {
  let i = 1
  if (tokens[i]?.text === "(") {
    while (i < tokens.length && tokens[i]?.text !== ")") i++
    return tokens.slice(i + 1)
  }
  while (isWord(tokens[i], "ANALYZE", "ANALYSE", "VERBOSE")) i++
  return tokens.slice(i)
}

/** The tokens behind the opening parenthesis at `open`, up to its partner. */
const parenthesized = (tokens: ReadonlyArray<Token>, open: number): ReadonlyArray<Token> => {
  let depth = 0
  for (let i = open; i < tokens.length; i++) {
    if (tokens[i]?.text === "(") depth++
    else if (tokens[i]?.text === ")" && --depth === 0) return tokens.slice(open + 1, i)
  }
  return tokens.slice(open + 1)
}

/** Which way a COPY goes, and whether through the connection rather than a file of the server. */
export interface CopyRoute {
  readonly direction: "from" | "to"
  readonly standard: boolean
}

export const copyRoute = (tokens: ReadonlyArray<Token>): CopyRoute | undefined => {
  let depth = 0
  for (let i = 1; i < tokens.length; i++) {
    const token = tokens[i]
    if (token?.text === "(") depth++
    else if (token?.text === ")") depth--
    else if (depth === 0 && isWord(token, "FROM", "TO")) {
      // PostgreSQL takes STDIN and STDOUT in either direction.
      return { direction: token?.text === "FROM" ? "from" : "to", standard: isWord(tokens[i + 1], "STDIN", "STDOUT") }
    }
  }
  return undefined
}

const copyReads = (tokens: ReadonlyArray<Token>): boolean => {
  const route = copyRoute(tokens)
  if (route === undefined || route.direction === "from" || !route.standard) return false
  return tokens[1]?.text === "(" ? reads(parenthesized(tokens, 1)) : true
}

/** Whether a statement only reads. A function of the account's own may still write: its name does not tell. */
export const reads = (tokens: ReadonlyArray<Token>): boolean => {
  const first = tokens.findIndex((token) => token.text !== "(")
  const token = tokens[first]
  if (token === undefined) return true
  switch (token.kind === "word" ? token.text : "") {
    case "SELECT":
    case "VALUES":
    case "TABLE":
    case "WITH":
      return queryReads(tokens)
    case "SHOW":
      return true
    case "EXPLAIN":
      return reads(explained(tokens))
    case "COPY":
      return copyReads(tokens)
    default:
      return false
  }
}
