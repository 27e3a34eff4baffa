/** Puts the page together, and keeps it as the map is. */
import { byId } from "./dom.js"
import { showFound } from "./found.js"
import { showLayers } from "./layers.js"
import { createMap, draw, featuresAt, fit, recolor, setVisible, view } from "./mapView.js"
import { showPanels } from "./panels.js"
import { closePopup, showPopup } from "./popup.js"
import * as server from "./server.js"
import { onTheme } from "./theme.js"

/** How often the file is looked at, while somebody looks at the page. */
const everyMillis = 1500

const notice = (text) => {
  byId("notice").hidden = text === ""
  byId("notice").textContent = text
}

let description = await server.description()
let follow = showPanels(description)
const hidden = new Set()
const map = await createMap(byId("map"), description.bounds)

const isWithPictures = () => document.querySelector("input[name=drawing]:checked").value === "pictures"

const redraw = () => draw(map, description, { hidden, pictures: isWithPictures() })

const toggle = (index, isVisible) => {
  if (isVisible) hidden.delete(index)
  else hidden.add(index)
  setVisible(map, index, isVisible)
}

const present = () => {
  document.title = `${description.title} – map preview`
  byId("title").textContent = description.title
  byId("account").textContent = description.account
  // Without a style there is nothing that the server could draw.
  byId("drawing").hidden = !description.layers.some(({ cartocss }) => cartocss !== null)
  showLayers(description, hidden, toggle)
  redraw()
}

/** The first words of what went wrong with a tile; the server tells them as JSON. */
const wordsOf = async ({ body, message }) => {
  const text = await body?.text().catch(() => "")
  try {
    return JSON.parse(text).error ?? message
  } catch {
    return message
  }
}

const ready = () => {
  showFound(map, description)
  document.documentElement.dataset.ready = String(description.version)
  document.documentElement.dataset.drawing = isWithPictures() ? "pictures" : "tiles"
}

const watch = async () => {
  if (document.visibilityState === "visible") {
    const state = await server.state().catch(() => ({ version: description.version, problem: "carto has ended." }))
    if (state.version !== description.version) {
      closePopup()
      const before = JSON.stringify(description.bounds)
      description = await server.description()
      follow = showPanels(description)
      present()
      if (JSON.stringify(description.bounds) !== before) fit(map, description.bounds)
      notice("")
      await follow(view(map))
    }
    if (state.problem !== null) notice(state.problem)
  }
  setTimeout(watch, everyMillis)
}

present()
map.on("idle", ready)
map.on("moveend", () => follow(view(map)))
map.on("error", async ({ error }) => notice(await wordsOf(error)))
map.on("click", ({ lngLat, point: { x, y } }) => {
  const features = featuresAt(map, [
    [x - 4, y - 4],
    [x + 4, y + 4]
  ])
  if (features.length > 0) showPopup(map, { features, layers: description.layers, place: lngLat })
})
map.on("mousemove", ({ lngLat, point }) => {
  map.getCanvas().style.cursor = featuresAt(map, point).length > 0 ? "pointer" : ""
  byId("place").textContent =
    `${lngLat.lng.toFixed(4)}, ${lngLat.lat.toFixed(4)} · zoom ${(map.getZoom() + 1).toFixed(1)}`
})
for (const choice of document.querySelectorAll("input[name=drawing]")) {
  choice.addEventListener("change", () => {
    notice("")
    redraw()
  })
}
onTheme(() => recolor(map))
await follow(view(map))
watch()
