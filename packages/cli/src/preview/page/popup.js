/** What is known of the feature that was clicked, or of each of several. */
import { h } from "./dom.js"
import { label, value } from "./format.js"
import { mark, Popup } from "./mapView.js"
import * as server from "./server.js"

const facts = (values) =>
  h(
    "dl",
    {},
    Object.entries(values).flatMap(([name, one]) => [h("dt", {}, name), h("dd", {}, value(one))])
  )

let open

export const closePopup = () => open?.remove()

/** Shows the tile's values at once, and the attributes that the map gives, where it does. */
export const showPopup = (map, { features, layers, place }) => {
  closePopup()
  const asking = new AbortController()
  const body = h("div", { class: "popup" })
  const popup = new Popup({ maxWidth: "320px", focusAfterOpen: true }).setLngLat(place).setDOMContent(body)
  open = popup.addTo(map)
  popup.on("close", () => {
    asking.abort()
    mark(map, undefined)
  })
  const show = (at) => {
    const feature = features[at]
    const { properties, sourceLayer } = feature
    const layer = layers.find(({ id }) => id === sourceLayer)
    const values = h("div", {}, facts(properties))
    body.replaceChildren(h("h3", {}, [label(properties), " ", h("span", { class: "faint" }, sourceLayer)]), values)
    if (features.length > 1) body.append(steps(at, show, features.length))
    mark(map, feature)
    if (layer?.attributes !== false && Number.isInteger(properties.cartodb_id)) {
      server
        .attributes(layer.index, properties.cartodb_id, asking.signal)
        .then((found) => values.isConnected && values.replaceChildren(facts(found)))
        // Few maps say which attributes a layer has; then the tile's values stay.
        .catch(() => {})
    }
  }
  show(0)
}

const steps = (at, show, count) => {
  const button = (text, name, to) =>
    h("button", { type: "button", class: "step", "aria-label": name, onclick: () => show((to + count) % count) }, text)
  return h("nav", { class: "steps" }, [
    button("‹", "Previous feature", at - 1),
    h("span", { "aria-live": "polite" }, `${at + 1} of ${count}`),
    button("›", "Next feature", at + 1)
  ])
}
