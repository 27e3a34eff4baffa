/** The list of layers: what is drawn how, and the switches. */
import { byId, h } from "./dom.js"
import { short } from "./format.js"
import { swatchOf } from "./style.js"

const swatch = (layer) => {
  if (layer.type !== "mapnik") {
    return h("svg", { class: "swatch", viewBox: "0 0 14 14", "aria-hidden": "true" }, [
      h("rect", { x: 1, y: 1, width: 12, height: 12, rx: 2, fill: "none", stroke: "currentColor", opacity: 0.5 })
    ])
  }
  const { fill, line, marker } = swatchOf(layer)
  return h("svg", { class: "swatch", viewBox: "0 0 14 14", "aria-hidden": "true" }, [
    marker !== undefined
      ? h("circle", { cx: 7, cy: 7, r: 5, fill: marker })
      : fill !== undefined
        ? h("rect", { x: 1, y: 1, width: 12, height: 12, rx: 3, fill, stroke: line ?? "none" })
        : h("path", { d: "M1 11 L13 3", stroke: line ?? "currentColor", "stroke-width": 2.5 })
  ])
}

/** The topmost layer comes first, as on the map. */
export const showLayers = ({ layers }, hidden, onToggle) => {
  byId("layers").replaceChildren(
    ...[...layers].reverse().map((layer) =>
      h("li", {}, [
        h("label", { class: "layer", title: layer.id }, [
          h("input", {
            type: "checkbox",
            checked: !hidden.has(layer.index),
            onchange: ({ target }) => onToggle(layer.index, target.checked)
          }),
          swatch(layer),
          h("span", { class: "name" }, layer.id),
          h(
            "span",
            { class: "faint" },
            layer.type !== "mapnik" ? layer.type : layer.count === null ? "" : short(layer.count)
          )
        ])
      ])
    )
  )
}
