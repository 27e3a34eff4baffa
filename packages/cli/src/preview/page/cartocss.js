/** Reads CartoCSS into flat rules: what must hold, and what is drawn then. Parts that it does not know are left out. */

const withoutComments = (text) =>
  text.replace(/("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (_, quoted) => quoted ?? "")

/** Cuts text at `;`, `{` and `}` that stand outside of quotes, brackets and parentheses. */
const pieces = (text) => {
  const found = []
  let from = 0
  let depth = 0
  let quote = ""
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (quote !== "") {
      if (char === "\\") at++
      else if (char === quote) quote = ""
    } else if (char === '"' || char === "'") quote = char
    else if (char === "(" || char === "[") depth++
    else if (char === ")" || char === "]") depth--
    else if (depth === 0 && (char === ";" || char === "{" || char === "}")) {
      found.push([text.slice(from, at).trim(), char])
      from = at + 1
    }
  }
  const rest = text.slice(from).trim()
  return rest === "" ? found : [...found, [rest, ";"]]
}

const unquoted = (text) => (/^(["']).*\1$/s.test(text) ? text.slice(1, -1) : text)

const constant = (text) => (text !== "" && Number.isFinite(Number(text)) ? Number(text) : unquoted(text))

const condition = (text) => {
  const [, column, op, value] = /^\s*(.+?)\s*(=~|!=|>=|<=|=|>|<)\s*([\s\S]+?)\s*$/.exec(text) ?? []
  return column === undefined ? undefined : { column: unquoted(column), op, value: constant(value) }
}

/** One selector, such as `#layer::casing[zoom >= 5]`; undefined for what draws no feature. */
const selector = (text) => {
  if (/^Map\b/.test(text)) return undefined
  const attachment = /::([\w-]+)/.exec(text)?.[1] ?? ""
  const conditions = [...text.matchAll(/\[((?:"[^"]*"|'[^']*'|[^\]])*)\]/g)].flatMap(
    ([, inner]) => condition(inner) ?? []
  )
  return {
    attachment,
    filters: conditions.filter(({ column }) => column !== "zoom"),
    zooms: conditions.filter(({ column }) => column === "zoom")
  }
}

/** Commas between selectors, not those inside of conditions. */
const selectors = (text) => text.split(/,(?![^[]*\])/).flatMap((one) => selector(one.trim()) ?? [])

const joined = (outer, inner) => ({
  attachment: inner.attachment === "" ? outer.attachment : inner.attachment,
  filters: [...outer.filters, ...inner.filters],
  zooms: [...outer.zooms, ...inner.zooms]
})

export const parse = (cartocss) => {
  const variables = {}
  const rules = []
  const stack = [{ selectors: [{ attachment: "", filters: [], zooms: [] }], props: {} }]
  const close = () => {
    const { props, selectors } = stack.pop()
    if (Object.keys(props).length > 0) {
      for (const one of selectors) rules.push({ ...one, props, order: rules.length })
    }
  }
  const declare = (text) => {
    const [, name, value] = /^(@?[\w-]+(?:\/[\w-]+)?)\s*:\s*([\s\S]+)$/.exec(text) ?? []
    if (name === undefined) return
    const known = value.replace(/@[\w-]+/g, (variable) => variables[variable] ?? variable).trim()
    if (name.startsWith("@")) variables[name] = known
    else stack.at(-1).props[name] = unquoted(known)
  }
  for (const [text, end] of pieces(withoutComments(cartocss))) {
    if (end === "{") {
      const outer = stack.at(-1).selectors
      const inner = selectors(text)
      // What stands before a nested block is drawn before it, and loses against it.
      flush(stack.at(-1), rules)
      stack.push({ selectors: outer.flatMap((one) => inner.map((two) => joined(one, two))), props: {} })
    } else {
      if (text !== "") declare(text)
      if (end === "}" && stack.length > 1) close()
    }
  }
  while (stack.length > 0) close()
  return rules
}

const flush = (block, rules) => {
  if (Object.keys(block.props).length === 0) return
  for (const one of block.selectors) rules.push({ ...one, props: block.props, order: rules.length })
  block.props = {}
}
