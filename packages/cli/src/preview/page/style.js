/** CartoCSS as MapLibre draws it: fills, lines and points; labels, patterns and blending are the server's alone. */
import { parse } from "./cartocss.js"

/** For layers without a style. */
const palette = ["#0b7a75", "#d1495b", "#3066be", "#e08e1b", "#7b5ea7", "#4c9f38"]

/** The grid of CARTO is twice as fine: its level is one more. */
const finer = 1

const defaults = (index) => {
  const color = palette[index % palette.length]
  return parse(
    `#layer { marker-width: 5; marker-fill: ${color}; marker-fill-opacity: .85; marker-line-color: #fff; marker-line-width: .4;
      [zoom >= 5] { marker-width: 8; marker-line-width: 1; }
      line-color: ${color}; line-width: 1.5; polygon-fill: ${color}; polygon-opacity: .45; }`
  )
}

const symbols = /^(marker|line|polygon)-/

export const rulesOf = ({ cartocss, index }) => {
  const rules = cartocss === null ? [] : parse(cartocss)
  return rules.some(({ props }) => Object.keys(props).some((name) => symbols.test(name))) ? rules : defaults(index)
}

const color = (text) => (CSS.supports("color", text) ? text : undefined)
const number = (text) => (/^-?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : undefined)
const half = (text) => (number(text) === undefined ? undefined : number(text) / 2)

const holds = ({ column, op, value }) => {
  const get = ["get", column]
  switch (op) {
    case "=":
      return ["==", get, value]
    case "!=":
      return ["!=", get, value]
    case "=~":
      // MapLibre has no patterns.
      return false
    default:
      return ["all", ["has", column], [op, ["to-number", get], Number(value)]]
  }
}

const zoomHolds =
  (zoom) =>
  ({ op, value }) => {
    switch (op) {
      case "=":
        return zoom === value
      case "!=":
        return zoom !== value
      case ">":
        return zoom > value
      case ">=":
        return zoom >= value
      case "<":
        return zoom < value
      default:
        return zoom <= value
    }
  }

/** Levels from which on a condition is another. */
const edges = ({ op, value }) =>
  op === "=" || op === "!=" ? [value, value + 1] : [/^(>|<=)$/.test(op) ? value + 1 : value]

const atZoom = (rules, zoom, name, read, fallback) => {
  const found = rules
    .filter(({ props, zooms }) => name in props && read(props[name]) !== undefined && zooms.every(zoomHolds(zoom)))
    .sort((a, b) => b.filters.length - a.filters.length || b.order - a.order)
  const branches = []
  for (const { filters, props } of found) {
    const value = read(props[name])
    if (filters.length === 0) return branches.length === 0 ? value : ["case", ...branches, value]
    branches.push(["all", ...filters.map(holds)], value)
  }
  return branches.length === 0 ? fallback : ["case", ...branches, fallback]
}

/** The value of a property for each feature and zoom level. */
export const expression = (rules, name, read, fallback) => {
  const zooms = rules.filter(({ props }) => name in props).flatMap(({ zooms }) => zooms.flatMap(edges))
  const steps = [...new Set(zooms)].sort((a, b) => a - b)
  const at = (zoom) => atZoom(rules, zoom, name, read, fallback)
  if (steps.length === 0) return at(0)
  return ["step", ["zoom"], at(steps[0] - 1), ...steps.flatMap((zoom) => [zoom - finer, at(zoom)])]
}

const isKind = (...kinds) => ["match", ["geometry-type"], kinds.flatMap((kind) => [kind, `Multi${kind}`]), true, false]

/** What is not drawn at all has no opacity. */
const times = (one, other) => (one === 1 ? other : other === 1 ? one : undefined)
const opacity = (rules, kind, specific) => {
  const own = expression(rules, specific, number, 1)
  const shared = expression(rules, `${kind}-opacity`, number, 1)
  return times(own, shared) ?? own
}

const isZoomed = (value) => Array.isArray(value) && value[0] === "step"

/** Drawn only where a rule with the symbol applies. */
const onlyStyled = (rules, kind, value) => {
  const own = rules.filter(({ props }) => Object.keys(props).some((name) => name.startsWith(`${kind}-`)))
  if (own.some(({ filters, zooms }) => filters.length === 0 && zooms.length === 0)) return value
  const marked = own.map((rule) => ({ ...rule, props: { shown: "1" } }))
  const shown = expression(marked, "shown", number, 0)
  return isZoomed(shown) || isZoomed(value) ? (isZoomed(shown) ? shown : value) : ["*", shown, value]
}

const drawings = {
  polygon: (rules) => ({
    type: "fill",
    filter: isKind("Polygon"),
    paint: {
      "fill-color": expression(rules, "polygon-fill", color, "#808080"),
      "fill-opacity": onlyStyled(rules, "polygon", opacity(rules, "polygon", "polygon-fill-opacity")),
      "fill-antialias": true
    }
  }),
  line: (rules) => ({
    type: "line",
    filter: isKind("LineString", "Polygon"),
    layout: { "line-join": "round", "line-cap": "round" },
    paint: {
      "line-color": expression(rules, "line-color", color, "#000"),
      "line-width": expression(rules, "line-width", number, 1),
      "line-opacity": onlyStyled(rules, "line", opacity(rules, "line", "line-opacity"))
    }
  }),
  marker: (rules) => ({
    type: "circle",
    filter: isKind("Point"),
    paint: {
      "circle-radius": expression(rules, "marker-width", half, 5),
      "circle-color": expression(rules, "marker-fill", color, "#0000ff"),
      "circle-opacity": onlyStyled(rules, "marker", opacity(rules, "marker", "marker-fill-opacity")),
      "circle-stroke-color": expression(rules, "marker-line-color", color, "#000"),
      "circle-stroke-width": expression(rules, "marker-line-width", number, 0.5),
      "circle-stroke-opacity": onlyStyled(rules, "marker", opacity(rules, "marker", "marker-line-opacity"))
    }
  })
}

/** The drawings of one layer of the map, lowest first; the passes of attachments come one after the other. */
export const drawingsOf = (layer) => {
  const rules = rulesOf(layer)
  const passes = [...new Set(rules.map(({ attachment }) => attachment))]
  return passes.flatMap((pass) => {
    const own = rules.filter(({ attachment }) => attachment === pass)
    const names = new Set(own.flatMap(({ props }) => Object.keys(props).map((name) => name.split("-")[0])))
    return Object.keys(drawings)
      .filter((kind) => names.has(kind))
      .map((kind) => ({ id: `${layer.index}/${pass}/${kind}`, kind, ...drawings[kind](own) }))
  })
}

/** The colors of a layer for its legend: of each kind of drawing the plainest rule's. */
export const swatchOf = (layer) => {
  const rules = rulesOf(layer)
  const plain = (name) =>
    rules
      .filter(({ props }) => name in props && color(props[name]) !== undefined)
      .sort((a, b) => a.filters.length - b.filters.length)[0]?.props[name]
  return { fill: plain("polygon-fill"), line: plain("line-color"), marker: plain("marker-fill") }
}
