/** PostgreSQL's array text, `{1,NULL,{"a b"}}`, taken apart. */

/** Elements are decoded by `element`; nested braces become nested arrays; `malformed` must throw. */
export const parseArray = (
  text: string,
  delimiter: string,
  element: (text: string) => unknown,
  malformed: () => never
): ReadonlyArray<unknown> => {
  // Bounds other than 1 come in front, `[0:1]={1,2}`; JavaScript arrays have none to keep them in.
  let i = text.startsWith("[") ? text.indexOf("=") + 1 : 0

  const quoted = (): string => {
    let value = ""
    for (i++; text[i] !== '"'; i++) {
      if (text[i] === "\\") i++
      value += text[i] ?? malformed()
    }
    i++
    return value
  }

  const item = (): unknown => {
    if (text[i] === "{") return list()
    if (text[i] === '"') return element(quoted())
    const start = i
    while (i < text.length && text[i] !== delimiter && text[i] !== "}") i++
    const raw = text.slice(start, i)
    return raw === "NULL" ? null : element(raw)
  }

  const list = (): ReadonlyArray<unknown> => {
    const items: Array<unknown> = []
    if (text[i] !== "{") malformed()
    i++
    if (text[i] === "}") {
      i++
      return items
    }
    for (;;) {
      items.push(item())
      const next = text[i++]
      if (next === "}") return items
      if (next !== delimiter) malformed()
    }
  }

  const items = list()
  return i === text.length ? items : malformed()
}
