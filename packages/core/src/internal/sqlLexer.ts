/** PostgreSQL's tokens, as far as telling code from text needs them. Assumes `standard_conforming_strings = on`. */

/** `word` is an unquoted identifier or keyword in upper case; comments and white space give no token. */
export interface Token {
  readonly kind: "word" | "quoted" | "string" | "number" | "parameter" | "symbol"
  readonly start: number
  readonly end: number
  /** Words in upper case, symbols as they are, otherwise empty. */
  readonly text: string
}

/** What a text ends inside of, when it does not end in code. */
export type Open = "string" | "identifier" | "dollar quote" | "comment" | "line comment"

export interface Lexed {
  readonly tokens: ReadonlyArray<Token>
  readonly open: Open | undefined
}

const space = /[ \t\n\r\f\v]+/y
const lineComment = /--[^\n\r]*/y
const word = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y
const number = /(?:\d[\d_]*(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y
const parameter = /\$\d+/y
const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y
/** A string goes on behind white space with a newline in it; comments may stand in between. */
const continuation = /[ \t\f\v]*(?:--[^\n\r]*)?[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*[\n\r])*'/y

const match = (pattern: RegExp, sql: string, at: number): number => {
  pattern.lastIndex = at
  return pattern.test(sql) ? pattern.lastIndex : -1
}

/** The index behind the closing quote, or -1. `at` is the index behind the opening one. */
const quotedEnd = (sql: string, at: number, quote: string, escapes: boolean): number => {
  for (let i = at; i < sql.length; i++) {
    const c = sql[i]
    if (escapes && c === "\\") i++
    else if (c === quote) {
      if (sql[i + 1] !== quote) return i + 1
      i++
    }
  }
  return -1
}

const stringEnd = (sql: string, at: number, escapes: boolean): number => {
  let end = quotedEnd(sql, at, "'", escapes)
  while (end !== -1) {
    const next = match(continuation, sql, end)
    if (next === -1) return end
    end = quotedEnd(sql, next, "'", escapes)
  }
  return -1
}

/** Block comments nest. */
const commentEnd = (sql: string, at: number): number => {
  let depth = 0
  for (let i = at; i < sql.length; i++) {
    if (sql.startsWith("/*", i)) {
      depth++
      i++
    } else if (sql.startsWith("*/", i)) {
      depth--
      i++
      if (depth === 0) return i + 1
    }
  }
  return -1
}

export const lex = (sql: string): Lexed => {
  const tokens: Array<Token> = []
  let i = 0
  const skip = (end: number): void => {
    i = end
  }
  const push = (kind: Token["kind"], end: number, text = ""): void => {
    tokens.push({ kind, start: i, end, text })
    i = end
  }
  while (i < sql.length) {
    const c = sql[i] ?? ""
    let end = match(space, sql, i)
    if (end !== -1) {
      skip(end)
      continue
    }
    if (sql.startsWith("--", i)) {
      end = match(lineComment, sql, i)
      if (end === sql.length) return { tokens, open: "line comment" }
      skip(end)
      continue
    }
    if (sql.startsWith("/*", i)) {
      end = commentEnd(sql, i)
      if (end === -1) return { tokens, open: "comment" }
      skip(end)
      continue
    }
    if (c === "'") {
      end = stringEnd(sql, i + 1, false)
      if (end === -1) return { tokens, open: "string" }
      push("string", end)
      continue
    }
    if (c === '"') {
      end = quotedEnd(sql, i + 1, '"', false)
      if (end === -1) return { tokens, open: "identifier" }
      push("quoted", end)
      continue
    }
    if (c === "$") {
      end = match(dollarTag, sql, i)
      if (end !== -1) {
        const tag = sql.slice(i, end)
        const close = sql.indexOf(tag, end)
        if (close === -1) return { tokens, open: "dollar quote" }
        push("string", close + tag.length)
        continue
      }
      end = match(parameter, sql, i)
      push(end === -1 ? "symbol" : "parameter", end === -1 ? i + 1 : end)
      continue
    }
    end = match(word, sql, i)
    if (end !== -1) {
      const text = sql.slice(i, end)
      // E'…' alone has backslash escapes; the quote must follow at once.
      if (sql[end] === "'" && (text === "E" || text === "e")) {
        const close = stringEnd(sql, end + 1, true)
        if (close === -1) return { tokens, open: "string" }
        push("string", close)
        continue
      }
      push("word", end, text.toUpperCase())
      continue
    }
    end = match(number, sql, i)
    if (end !== -1) {
      push("number", end)
      continue
    }
    push("symbol", i + 1, c)
  }
  return { tokens, open: undefined }
}
