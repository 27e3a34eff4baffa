/** effect's CLI loads the system's tables of graphemes, ten milliseconds, before it measures a text that is ASCII. */
import type { Plugin } from "rolldown"

const eager = `const graphemeSegmenter = /*#__PURE__*/new Intl.Segmenter(undefined, {
  granularity: "grapheme"
});`
const lazy = `let segmenter;
const graphemeSegmenter = {
  segment: (text) =>
    /^[ -~]*$/.test(text)
      ? Array.from(text, (segment) => ({ segment }))
      : (segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" })).segment(text)
};`

export const lazySegmenter: Plugin = {
  name: "lazy-segmenter",
  transform: {
    filter: { id: /effect[/\\]dist[/\\]cli[/\\]CliOutput\.js$/ },
    handler: (code) => {
      if (!code.includes(eager)) throw new Error("effect/cli/CliOutput changed: is the segmenter still made eagerly?")
      return code.replace(eager, lazy)
    }
  }
}
