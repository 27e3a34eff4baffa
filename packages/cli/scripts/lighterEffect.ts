/** What effect works out at every start and most commands never need, or what is known of Node anyway. */
import type { Plugin } from "rolldown"

interface Edit {
  /** The end of the file's path. */
  readonly file: string
  readonly from: string
  readonly to: string
}

const edits: ReadonlyArray<Edit> = [
  // The system's tables of graphemes take ten milliseconds; ASCII does without.
  {
    file: "cli/CliOutput.js",
    from: `const graphemeSegmenter = /*#__PURE__*/new Intl.Segmenter(undefined, {
  granularity: "grapheme"
});`,
    to: `let segmenter;
const graphemeSegmenter = {
  segment: (text) =>
    /^[ -~]*$/.test(text)
      ? Array.from(text, (segment) => ({ segment }))
      : (segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" })).segment(text)
};`
  },
  // So does the width of a letter without those of Unicode's properties, from which these expressions are made.
  {
    file: "cli/CliOutput.js",
    from: "const zeroWidthCodePoints = ",
    to: "const zeroWidthCodePoints = () => "
  },
  {
    file: "cli/CliOutput.js",
    from: "const emojiPresentation = ",
    to: "const emojiPresentation = () => "
  },
  {
    file: "cli/CliOutput.js",
    from: "  const visible = grapheme.replace(zeroWidthCodePoints, ",
    to: `  if (/^[ -~]$/.test(grapheme)) return 1;
  const visible = grapheme.replace(zeroWidthCodePoints(), `
  },
  { file: "cli/CliOutput.js", from: "emojiPresentation.test(", to: "emojiPresentation().test(" },
  // Two probes of how the engine writes stack traces, for which it counts the lines of the whole program. V8 says yes.
  {
    file: "effect/dist/Utils.js",
    from: "  if (limit === 0) return forced[InternalTypeId];",
    to: "  return standard[InternalTypeId];"
  },
  {
    file: "internal/effect.js",
    from: `  if (limit === 0) return false;
  const marker = "~effect/Effect/stackProbe";`,
    to: `  return true;
  const marker = "~effect/Effect/stackProbe";`
  }
]

const waiting = new Set<Edit>()

export const lighterEffect: Plugin = {
  name: "lighter-effect",
  buildStart: () => {
    for (const edit of edits) waiting.add(edit)
  },
  transform: {
    filter: { id: /effect[/\\]dist[/\\]/ },
    handler: (code, id) =>
      edits
        .filter(({ file }) => id.replaceAll("\\", "/").endsWith(file))
        .reduce((code, edit) => {
          if (code.split(edit.from).length !== 2)
            throw new Error(`${edit.file} of effect changed: where is ${edit.from}?`)
          waiting.delete(edit)
          return code.replace(edit.from, () => edit.to)
        }, code)
  },
  buildEnd: () => {
    for (const { file } of waiting) throw new Error(`effect has no ${file} any more`)
  }
}
