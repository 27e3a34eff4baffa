/** What the emulator must know of a SQL text before PostgreSQL reads it: its statements, and which words stand where. */

interface Token {
  readonly text: string
  readonly start: number
  /** How many parentheses are open. */
  readonly depth: number
}

// One alternative per lexical element of PostgreSQL; words are the only ones compared later. Statements found here are
// explained with the owner's rights, so none may hide another from this splitter.
const element = new RegExp(
  [
    /(?<blank>\s+|--[^\n\r]*)/,
    /(?<comment>\/\*)/,
    /[eE]'(?:[^'\\]|\\.|'')*'/,
    /'[^']*(?:''[^']*)*'/,
    /"[^"]*(?:""[^"]*)*"/,
    /\$(?<tag>(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?)\$.*?\$\k<tag>\$/,
    /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/,
    /\d[\w.]*/,
    /./
  ]
    .map((alternative) => alternative.source)
    .join("|"),
  "gsy"
)

const afterComment = (sql: string, start: number): number => {
  const mark = /\/\*|\*\//g
  mark.lastIndex = start
  for (let depth = 0; ; ) {
    const found = mark.exec(sql)
    if (found === null) return sql.length
    depth += found[0] === "/*" ? 1 : -1
    if (depth === 0) return mark.lastIndex
  }
}

function* tokens(sql: string): Generator<Token> {
  let depth = 0
  let position = 0
  while (position < sql.length) {
    element.lastIndex = position
    const found = element.exec(sql)
    if (found === null) return
    const start = position
    const text = found[0]
    position = element.lastIndex
    if (found.groups?.comment !== undefined) position = afterComment(sql, start)
    else if (found.groups?.blank === undefined) {
      if (text === ")") depth -= 1
      yield { text, start, depth }
      if (text === "(") depth += 1
    }
  }
}

/** The statements of a text without their semicolons; empty ones and lone comments are left out. */
export const statements = (sql: string): ReadonlyArray<string> => {
  const found: Array<string> = []
  let start: number | undefined
  for (const token of tokens(sql)) {
    if (token.text === ";") {
      if (start !== undefined) found.push(sql.slice(start, token.start).trim())
      start = undefined
    } else start ??= token.start
  }
  if (start !== undefined) found.push(sql.slice(start).trim())
  return found
}

/** The first word of a statement in lower case; for `WITH …` the verb behind the common table expressions. */
export const verb = (statement: string): string | undefined => {
  let inWith = false
  for (const { depth, text } of tokens(statement)) {
    const word = text.toLowerCase()
    if (!inWith && word === "with") inWith = true
    else if (!inWith) return /^[a-z]/.test(word) ? word : undefined
    else if (depth === 0 && /^(select|insert|update|delete|merge|values|table)$/.test(word)) return word
  }
  return undefined
}

/** Whether rows can be asked from it as from a table. */
export const isSelect = (sql: string): boolean => verb(sql) === "select"

/** A text that can stand in parentheses: without semicolons and comments at its end. */
export const asSubquery = (sql: string): string => {
  const all = statements(sql)
  // A line comment at the end would swallow the closing parenthesis.
  return all.length === 1 ? `${all[0]}\n` : sql
}

/** Where a COPY statement moves data: `from` the client (STDIN), `to` the client (STDOUT), or a file of the server. */
export const copyDirection = (statement: string): "from" | "to" | "file" | undefined => {
  if (verb(statement) !== "copy") return undefined
  let direction: "from" | "to" | undefined
  for (const { depth, text } of tokens(statement)) {
    const word = text.toLowerCase()
    if (direction !== undefined) return word === "stdin" || word === "stdout" ? direction : "file"
    if (depth === 0 && (word === "from" || word === "to")) direction = word
  }
  return undefined
}

/** Whether a word that may write stands anywhere, strings included: CARTO's rule for what caches may keep. */
export const mayWrite = (sql: string): boolean =>
  /\b(?:alter|insert|update|delete|create|drop|reindex|truncate|refresh)\b/i.test(sql)

/** A name as a quoted identifier. */
export const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A text as a literal, whatever `standard_conforming_strings` says. */
export const quoteLiteral = (text: string): string =>
  text.includes("\\") ? ` E'${text.replace(/['\\]/g, "$&$&")}'` : `'${text.replaceAll("'", "''")}'`
