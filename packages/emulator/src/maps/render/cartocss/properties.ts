/** The properties of styles: what their values are, and which are drawn. */

/** What a value is; a list of words is a choice. */
export type Kind = "float" | "color" | "boolean" | "numbers" | "expression" | "any" | ReadonlyArray<string>

/** What composes a symbol or a whole attachment with what is below it, by Skia's names. */
export const blendModes = {
  clear: "Clear",
  src: "Src",
  dst: "Dst",
  "src-over": "SrcOver",
  "dst-over": "DstOver",
  "src-in": "SrcIn",
  "dst-in": "DstIn",
  "src-out": "SrcOut",
  "dst-out": "DstOut",
  "src-atop": "SrcATop",
  "dst-atop": "DstATop",
  xor: "Xor",
  plus: "Plus",
  multiply: "Multiply",
  screen: "Screen",
  overlay: "Overlay",
  darken: "Darken",
  lighten: "Lighten",
  "color-dodge": "ColorDodge",
  "color-burn": "ColorBurn",
  "hard-light": "HardLight",
  "soft-light": "SoftLight",
  difference: "Difference",
  exclusion: "Exclusion",
  hue: "Hue",
  saturation: "Saturation",
  color: "Color"
} as const

/** Operations that Skia does not have. */
const otherOperations = [
  "minus",
  "contrast",
  "invert",
  "invert-rgb",
  "grain-merge",
  "grain-extract",
  "value",
  "linear-dodge",
  "linear-burn",
  "divide"
]

const compOp = [...Object.keys(blendModes), ...otherOperations]
const joins = ["miter", "miter-revert", "round", "bevel"]

/** What is drawn. */
export const drawn: Readonly<Record<string, Kind>> = {
  opacity: "float",
  "comp-op": compOp,
  "polygon-fill": "color",
  "polygon-opacity": "float",
  "polygon-comp-op": compOp,
  "line-color": "color",
  "line-width": "float",
  "line-opacity": "float",
  "line-join": joins,
  "line-cap": ["butt", "round", "square"],
  "line-miterlimit": "float",
  "line-dasharray": "numbers",
  "line-dash-offset": "float",
  "line-comp-op": compOp,
  "marker-width": "float",
  "marker-height": "float",
  "marker-fill": "color",
  "marker-fill-opacity": "float",
  "marker-opacity": "float",
  "marker-line-color": "color",
  "marker-line-width": "float",
  "marker-line-opacity": "float",
  "marker-type": ["ellipse", "arrow"],
  "marker-placement": ["point", "line", "interior", "vertex-first", "vertex-last"],
  "marker-multi-policy": ["each", "whole", "largest"],
  "marker-allow-overlap": "boolean",
  "marker-ignore-placement": "boolean",
  "marker-comp-op": compOp,
  "text-name": "expression",
  "text-size": "float",
  "text-fill": "color",
  "text-opacity": "float",
  "text-halo-fill": "color",
  "text-halo-radius": "float",
  "text-halo-opacity": "float",
  "text-dx": "float",
  "text-dy": "float",
  "text-transform": ["none", "uppercase", "lowercase", "capitalize"],
  "text-placement": ["point", "line", "vertex", "interior"],
  "text-placement-type": ["dummy", "simple", "list"],
  "text-allow-overlap": "boolean",
  "text-wrap-width": "float",
  "text-horizontal-alignment": ["left", "middle", "right", "auto", "adjust"],
  "text-vertical-alignment": ["top", "middle", "bottom", "auto"],
  "text-comp-op": compOp
}

/** Without effect on what is drawn, or on how it is drawn only. Fonts are among them: there is one. */
const ignored =
  /^(?:(?:polygon|line|marker)-(?:gamma|gamma-method|clip|simplify|simplify-algorithm|rasterizer)|line-(?:gamma|rasterizer)|marker-(?:spacing|max-error|avoid-edges)|text-(?:face-name|clip|simplify|simplify-algorithm|label-position-tolerance|avoid-edges|min-distance|min-path-length|min-padding|margin|repeat-distance|spacing|largest-bbox-only|max-char-angle-delta|upright|wrap-before|justify-alignment|align|halo-rasterizer|placements|halo-comp-op))$/

/** Of CARTO, but not drawn. */
const undrawn =
  /^(?:image-filters|direct-image-filters|image-filters-inflate|(?:polygon|line)-pattern-.+|(?:point|shield|building|raster|dot|debug|group)-.+|polygon-(?:smooth|geometry-transform)|line-(?:smooth|offset|geometry-transform)|marker-(?:file|transform|geometry-transform|smooth|offset|direction)|text-(?:ratio|line-spacing|character-spacing|wrap-character|orientation|rotate-displacement|smooth|font-feature-settings|transform-.+))$/

/** Words of values that are valid but not drawn. */
export const undrawnWords: Readonly<Record<string, ReadonlyArray<string>>> = {
  "marker-type": ["arrow"],
  "marker-placement": ["line", "vertex-first", "vertex-last"],
  "text-placement": ["line", "vertex"],
  "text-placement-type": ["simple", "list"]
}

/** How a property is treated; `undefined` for one that CARTO does not know, either. */
export const treatment = (property: string): "drawn" | "ignored" | "undrawn" | undefined =>
  Object.hasOwn(drawn, property)
    ? "drawn"
    : ignored.test(property)
      ? "ignored"
      : undrawn.test(property)
        ? "undrawn"
        : undefined

/** Whether a word is a blend mode's name. */
export const isBlendMode = (word: string): word is keyof typeof blendModes => Object.hasOwn(blendModes, word)
