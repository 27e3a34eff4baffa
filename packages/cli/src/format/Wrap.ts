/** Text broken at its spaces, so that it fits the terminal. Words that are wider alone stay whole. */
import { displayWidth } from "effect/cli/CliOutput"

/** Narrower columns of text cannot be read. */
const leastWidth = 20
/** Of what is said below a head that leaves no room behind it. */
const below = " ".repeat(6)

/** Lines of at most so many columns, the first behind `head`, all others behind `indent`. */
export const wrap = (head: string, text: string, indent: string, columns: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let line = head
  let used = displayWidth(head)
  let isFresh = true
  for (const word of text.split(/ +/)) {
    const wide = displayWidth(word)
    if (!isFresh && used + 1 + wide > columns) {
      lines.push(line)
      line = indent + word
      used = displayWidth(indent) + wide
    } else {
      line += isFresh ? word : ` ${word}`
      used += isFresh ? wide : wide + 1
    }
    isFresh = false
  }
  return [...lines, line]
}

/** What is said of `head` in a column of its own behind it, or below it where that column would be too narrow. */
export const hung = (head: string, text: string, columns: number): ReadonlyArray<string> => {
  const column = displayWidth(head)
  return column + leastWidth <= columns
    ? wrap(head, text, " ".repeat(column), columns)
    : [head.trimEnd(), ...wrap(below, text, below, columns)]
}
