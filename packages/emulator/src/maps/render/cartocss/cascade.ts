/** What is drawn of a feature: of all declarations of its rules the strongest, by symbolizer. */
import type { Feature } from "../../mvt/readFeatures.ts"
import type { Value } from "./evaluate.ts"
import { matches, matchesZoom } from "./matches.ts"
import type { Declaration, Rule, Stylesheet } from "./Stylesheet.ts"

export type SymbolizerKind = "polygon" | "line" | "marker" | "text"

/** One symbol of a feature, with the properties that are told of it. */
export interface Symbolizer {
  readonly kind: SymbolizerKind
  readonly properties: ReadonlyMap<string, Value>
}

/** Rules that are drawn together, over what was drawn before. */
export interface Attachment {
  /** `opacity` and `comp-op` of all that is drawn together. */
  readonly properties: ReadonlyMap<string, Value>
  /** In the order in which they are drawn. */
  readonly symbolizers: (feature: Feature) => ReadonlyArray<Symbolizer>
}

const kindOf = /^(polygon|line|marker|text)-/

const isKind = (text: string | undefined): text is SymbolizerKind =>
  text === "polygon" || text === "line" || text === "marker" || text === "text"

const byStrength = (
  { rule: a, index: i }: { rule: Rule; index: number },
  { rule: b, index: j }: { rule: Rule; index: number }
) =>
  a.specificity[0] - b.specificity[0] ||
  a.specificity[1] - b.specificity[1] ||
  a.specificity[2] - b.specificity[2] ||
  (a.declarations[0]?.place ?? 0) - (b.declarations[0]?.place ?? 0) ||
  i - j

/** The symbolizers of rules, weakest first. What is told first is drawn first. */
const combine = (rules: ReadonlyArray<Rule>): ReadonlyArray<Symbolizer> => {
  const strongest = new Map<string, Declaration>()
  for (const { declarations } of rules) {
    for (const one of declarations) strongest.set(`${one.instance}/${one.property}`, one)
  }
  const symbols = new Map<string, { kind: SymbolizerKind; place: number; properties: Map<string, Value> }>()
  for (const { instance, place, property, value } of strongest.values()) {
    const kind = kindOf.exec(property)?.[1]
    if (!isKind(kind)) continue
    const key = `${instance}/${kind}`
    const symbol = symbols.get(key) ?? { kind, place, properties: new Map<string, Value>() }
    symbol.properties.set(property, value)
    symbol.place = Math.min(symbol.place, place)
    symbols.set(key, symbol)
  }
  return [...symbols.values()].toSorted((a, b) => a.place - b.place)
}

const attachment = (rules: ReadonlyArray<Rule>): Attachment => {
  const sorted = rules
    .map((rule, index) => ({ rule, index }))
    .toSorted(byStrength)
    .map(({ rule }) => rule)
  const own = sorted.flatMap(({ declarations }) => declarations.filter(({ property }) => !kindOf.test(property)))
  // Many features match the same rules.
  const known = new Map<string, ReadonlyArray<Symbolizer>>()
  const symbolizers = (feature: Feature): ReadonlyArray<Symbolizer> => {
    const matched = sorted.filter(({ filters }) => filters.every((filter) => matches(filter, feature)))
    const key = sorted.map((rule) => (matched.includes(rule) ? "1" : "0")).join("")
    const found = known.get(key) ?? combine(matched)
    known.set(key, found)
    return found
  }
  return { properties: new Map(own.map(({ property, value }) => [property, value])), symbolizers }
}

/** The attachments of a style at a zoom, in the order in which they are told. */
export const cascade = ({ rules }: Stylesheet, zoom: number): ReadonlyArray<Attachment> => {
  const groups = new Map<string, Array<Rule>>()
  for (const rule of rules) {
    if (rule.declarations.length === 0 || !rule.filters.every((filter) => matchesZoom(filter, zoom))) continue
    const group = groups.get(rule.attachment) ?? []
    group.push(rule)
    groups.set(rule.attachment, group)
  }
  const first = (group: ReadonlyArray<Rule>) =>
    group.flatMap(({ declarations }) => declarations).reduce((least, { place }) => Math.min(least, place), Infinity)
  return [...groups.values()].toSorted((a, b) => first(a) - first(b)).map(attachment)
}
