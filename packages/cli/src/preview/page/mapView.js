/** The map: a neutral ground, the layers on it, and what is picked. */
import * as maplibre from "./maplibre-gl.mjs"
import * as server from "./server.js"
import { drawingsOf } from "./style.js"
import { colors } from "./theme.js"

const world = [
  [-150, -56],
  [170, 72]
]

/** Coarse outlines would only mislead from here on. */
const farAway = ["interpolate", ["linear"], ["zoom"], 5, 1, 7, 0]

const meridians = () => {
  const lines = []
  for (let x = -180; x <= 180; x += 30)
    lines.push([
      [x, -85],
      [x, 85]
    ])
  for (let y = -60; y <= 60; y += 30)
    lines.push([
      [-180, y],
      [180, y]
    ])
  return { type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: lines } }
}

/** Polygons whose rings are texts, `x,y x,y`. */
const outlines = (polygons) => {
  const ring = (text) => text.split(" ").map((pair) => pair.split(",").map(Number))
  const coordinates = polygons.map((rings) => rings.map(ring))
  return { type: "Feature", properties: {}, geometry: { type: "MultiPolygon", coordinates } }
}

const ground = (land) => {
  const color = colors()
  return {
    version: 8,
    sources: {
      land: { type: "geojson", data: land, tolerance: 0.2 },
      grid: { type: "geojson", data: meridians() }
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": color.sea } },
      { id: "grid", type: "line", source: "grid", paint: { "line-color": color.grid, "line-width": 1 } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": color.land, "fill-opacity": farAway } },
      {
        id: "coast",
        type: "line",
        source: "land",
        paint: { "line-color": color.coast, "line-width": 0.8, "line-opacity": farAway }
      }
    ]
  }
}

/** Room for the columns at both sides. */
const padding = () => {
  if (innerWidth < 900) return 24
  const right = document.body.classList.contains("plain") ? 60 : 350
  return { top: 40, bottom: 40, left: 350, right }
}

export const createMap = async (element, bounds) => {
  const land = outlines(await fetch("land.json").then((answer) => answer.json()))
  const map = new maplibre.Map({
    container: element,
    style: ground(land),
    bounds: boxOf(bounds),
    fitBoundsOptions: { padding: padding(), maxZoom: 14 },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxPitch: 0
  })
  map.touchZoomRotate.disableRotation()
  map.keyboard.disableRotation()
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "bottom-right")
  map.addControl(new maplibre.ScaleControl(), "bottom-left")
  await new Promise((resolve) => map.once("load", resolve))
  return map
}

const boxOf = (bounds) => (bounds === null ? world : [bounds.slice(0, 2), bounds.slice(2)])

export const fit = (map, bounds) => map.fitBounds(boxOf(bounds), { padding: padding(), maxZoom: 14, animate: false })

export const recolor = (map) => {
  const color = colors()
  map.setPaintProperty("sea", "background-color", color.sea)
  map.setPaintProperty("grid", "line-color", color.grid)
  map.setPaintProperty("land", "fill-color", color.land)
  map.setPaintProperty("coast", "line-color", color.coast)
}

const isOfMap = (id) => id.startsWith("map/")

const clear = (map) => {
  const { layers, sources } = map.getStyle()
  for (const { id } of layers) if (isOfMap(id)) map.removeLayer(id)
  for (const id of Object.keys(sources)) if (isOfMap(id)) map.removeSource(id)
}

const transparent = {
  fill: ["fill-opacity"],
  line: ["line-opacity"],
  circle: ["circle-opacity", "circle-stroke-opacity"]
}

/** Nothing is seen of it, and it can still be clicked. */
const unseen = (type, paint) => ({ ...paint, ...Object.fromEntries(transparent[type].map((name) => [name, 0])) })

/**
 * Draws the layers of a description. Layers of rows come as vectors, and with `pictures` also as the server draws them;
 * all others come as pictures.
 */
export const draw = (map, { layers, version }, { hidden, pictures }) => {
  clear(map)
  if (layers.some(({ type }) => type === "mapnik")) {
    map.addSource("map/tiles", { type: "vector", tiles: [server.tiles(version)], maxzoom: 22 })
  }
  for (const layer of layers) {
    const visibility = hidden.has(layer.index) ? "none" : "visible"
    const isVector = layer.type === "mapnik"
    if (!isVector || pictures) {
      const id = `map/picture/${layer.index}`
      map.addSource(id, { type: "raster", tiles: [server.pictures(layer.index, version)], tileSize: 256 })
      map.addLayer({ id, type: "raster", source: id, layout: { visibility }, paint: { "raster-fade-duration": 0 } })
    }
    if (!isVector) continue
    for (const { filter, id, layout, paint, type } of drawingsOf(layer)) {
      map.addLayer({
        id: `map/${id}`,
        type,
        source: "map/tiles",
        "source-layer": layer.id,
        filter,
        layout: { ...layout, visibility },
        paint: pictures ? unseen(type, paint) : paint,
        metadata: { layer: layer.index }
      })
    }
  }
}

export const setVisible = (map, index, isVisible) => {
  for (const { id } of map.getStyle().layers) {
    if (id.startsWith(`map/${index}/`) || id === `map/picture/${index}`) {
      map.setLayoutProperty(id, "visibility", isVisible ? "visible" : "none")
    }
  }
}

/** The features at a place or in the whole view, topmost first, each one once. */
export const featuresAt = (map, place) => {
  const layers = map.getStyle().layers.filter(({ metadata }) => metadata?.layer !== undefined)
  const found = new Map()
  for (const feature of map.queryRenderedFeatures(place, { layers: layers.map(({ id }) => id) })) {
    const key = `${feature.sourceLayer}/${feature.properties.cartodb_id ?? JSON.stringify(feature.properties)}`
    if (!found.has(key)) found.set(key, feature)
  }
  return [...found.values()]
}

const marks = [
  ["line", { "line-width": 2.5 }],
  ["circle", { "circle-radius": 8, "circle-opacity": 0, "circle-stroke-width": 2.5 }]
]

/** Marks a feature, or none. */
export const mark = (map, feature) => {
  for (const [type] of marks) if (map.getLayer(`map/picked/${type}`)) map.removeLayer(`map/picked/${type}`)
  const id = feature?.properties.cartodb_id
  if (id === undefined) return
  const { picked } = colors()
  for (const [type, paint] of marks) {
    const kind = ["match", ["geometry-type"], ["Point", "MultiPoint"], type === "circle", type === "line"]
    map.addLayer({
      id: `map/picked/${type}`,
      type,
      source: "map/tiles",
      "source-layer": feature.sourceLayer,
      filter: ["all", kind, ["==", ["get", "cartodb_id"], id]],
      paint: { ...paint, [type === "line" ? "line-color" : "circle-stroke-color"]: picked }
    })
  }
}

/** West, south, east, north of what is seen; the whole earth rather than more of it. */
export const view = (map) => {
  const bounds = map.getBounds()
  const clamp = (y) => Math.max(-85.05, Math.min(85.05, y))
  const turn = (x) => ((((x + 180) % 360) + 360) % 360) - 180
  const isAll = bounds.getEast() - bounds.getWest() >= 360
  const [west, east] = isAll ? [-180, 180] : [turn(bounds.getWest()), turn(bounds.getEast())]
  return [west, clamp(bounds.getSouth()), east, clamp(bounds.getNorth())].map((x) => x.toFixed(6)).join(",")
}

export const Popup = maplibre.Popup
