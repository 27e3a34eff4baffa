/** Reads every shape of error body that CARTO's servers and the proxies before them send (platform reference, §4). */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { describe, MapProblem } from "../MapProblem.ts"

export interface ErrorBody {
  /** The server's words, flattened to one line; empty when it said nothing. */
  readonly message: string
  readonly detail?: string
  readonly hint?: string
  readonly context?: string
  /** `blank`, `json`, `html` or `text`: the last two are never CARTO's own SQL errors. */
  readonly shape: "blank" | "json" | "html" | "text"
  /** Told by the body alone: SQL and Maps send `error` as an array (E18), the Import API names itself (E7). */
  readonly api?: "sql" | "imports" | "maps"
  /** Of the Maps API: one for each error. */
  readonly problems?: ReadonlyArray<MapProblem>
}

export const readErrorBody = (body: string): ErrorBody => {
  const text = body.trim()
  if (text === "") return { message: "", shape: "blank" }
  return Option.match(decodeJson(text), {
    onNone: () =>
      looksLikeHtml(text)
        ? { message: htmlLine(text), shape: "html" }
        : (cutSqlError(text) ?? { message: oneLine(text), shape: "text" }),
    onSome: fromJson
  })
}

/** PostgreSQL repeats a value that it cannot read, however long it is, so that the end of its error may be missing. */
const cutSqlError = (text: string): ErrorBody | undefined => {
  const said = /^\{"error":\["((?:[^"\\]|\\.)+)/s.exec(text)?.[1]?.replace(/\\u[\da-f]{0,3}$/i, "")
  if (said === undefined) return undefined
  const message = Option.getOrElse(decodeText(`"${said}"`), () => said)
  return { message: `${oneLine(message).replace(/…$/, "")}…`, shape: "json", api: "sql" }
}

const decodeText = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.String))

/** The members whose text is the message, in order of trust. */
const messageKeys = ["error", "errors", "message", "text", "error_message", "description"] as const

const fromJson = (json: unknown): ErrorBody => {
  if (!Predicate.isObject(json)) return { message: oneLine(flatten(json)), shape: "json" }
  const problems = Option.getOrUndefined(decodeProblems(json.errors_with_context))
  if (problems !== undefined) return fromProblems(problems)
  // `"errors": {}` stands beside a message that says more.
  const key = messageKeys.find((key) => key in json && json[key] !== null && flatten(json[key]) !== "")
  const said = key === undefined ? undefined : json[key]
  const string = (name: string) => {
    const value = json[name]
    return Predicate.isString(value) ? { [name]: value } : {}
  }
  return {
    message: said === undefined ? "" : oneLine(flatten(said)),
    ...string("detail"),
    ...string("hint"),
    ...string("context"),
    shape: "json",
    ...(Array.isArray(json.error) ? { api: "sql" } : {}),
    ...(Predicate.isObject(said) && "imports" in said ? { api: "imports" } : {})
  }
}

const decodeProblems = Schema.decodeUnknownOption(Schema.NonEmptyArray(MapProblem))

const fromProblems = (problems: ReadonlyArray<MapProblem>): ErrorBody => {
  const clean = problems.map((problem) => ({ ...problem, message: oneLine(problem.message) }))
  return { message: oneLine(clean.map(describe).join("; ")), shape: "json", api: "maps", problems: clean }
}

/** Strings, arrays and one-level objects become one text; a field's name stands before its messages. */
const flatten = (value: unknown): string => {
  if (Predicate.isString(value)) return value
  if (Array.isArray(value)) return value.map(flatten).join("; ")
  if (Predicate.isObject(value)) {
    return Object.entries(value)
      .map(([name, inner]) => (name === "imports" ? flatten(inner) : `${name}: ${flatten(inner)}`))
      .join("; ")
  }
  return String(value)
}

const decodeJson = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Json))

const looksLikeHtml = (text: string): boolean => /^<(!doctype|html|head|body|\?xml|h1|pre|center)/i.test(text)

/** What a person would read of a page: its title, else its text. */
const htmlLine = (html: string): string => {
  const title = /<title[^>]*>(.*?)<\/title>/is.exec(html)?.[1] ?? ""
  const pre = /<(?:pre|h1)[^>]*>(.*?)<\/(?:pre|h1)>/is.exec(html)?.[1] ?? ""
  const words = title !== "" && title.toLowerCase() !== "error" ? title : pre
  return oneLine(stripTags(words === "" ? html.replace(/<(script|style)[^>]*>.*?<\/\1>/gis, " ") : words))
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", nbsp: " " }
export const stripTags = (html: string): string =>
  html.replace(/<[^>]*>/g, " ").replace(/&([a-z]+|#39);/gi, (whole, name: string) => entities[name] ?? whole)

export const oneLine = (text: string): string => {
  const line = stripControls(text.replace(/\s+/g, " ").trim())
  return line.length > 1000 ? `${line.slice(0, 1000)}…` : line
}

// A server's text is printed in terminals: escape sequences must not reach them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const stripControls = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "")
