/** The list of features in view: for eyes that look for a name, and for hands without a mouse. */
import { byId, h } from "./dom.js"
import { label, number } from "./format.js"
import { featuresAt } from "./mapView.js"
import { showPopup } from "./popup.js"
import { swatchOf } from "./style.js"

const most = 40

/** Somewhere on the feature, or at least between its ends. */
const placeOf = ({ geometry }) => {
  const points = geometry.coordinates.flat(Infinity)
  const every = (offset) => points.filter((_, at) => at % 2 === offset)
  const middle = (values) => values.reduce((sum, one) => sum + one, 0) / values.length
  return [middle(every(0)), middle(every(1))]
}

export const showFound = (map, { layers }) => {
  const features = featuresAt(map)
  byId("found-count").textContent = number(features.length)
  byId("found").replaceChildren(
    ...features.slice(0, most).map((feature) => {
      const layer = layers.find(({ id }) => id === feature.sourceLayer)
      const { fill, line, marker } = layer === undefined ? {} : swatchOf(layer)
      const pick = () => showPopup(map, { features: [feature], layers, place: placeOf(feature) })
      return h("li", {}, [
        h("button", { type: "button", class: "find", onclick: pick }, [
          h("svg", { class: "swatch", viewBox: "0 0 14 14", "aria-hidden": "true" }, [
            h("circle", { cx: 7, cy: 7, r: 3, fill: marker ?? fill ?? line ?? "currentColor" })
          ]),
          h("span", {}, label(feature.properties))
        ])
      ])
    })
  )
}
