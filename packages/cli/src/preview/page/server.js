/** Asks this page's own server; it adds the credentials. */

export class Refused extends Error {}

const get = async (path, signal) => {
  const answer = await fetch(path, { signal })
  const json = await answer.json().catch(() => ({}))
  if (!answer.ok) throw new Refused(json.error ?? `status ${answer.status}`)
  return json
}

const query = (values) => {
  const present = Object.entries(values).filter(([, value]) => value !== undefined)
  return present.length === 0 ? "" : `?${new URLSearchParams(present)}`
}

export const description = () => get("map.json")
export const state = () => get("state.json")
export const attributes = (layer, feature, signal) => get(`attributes/${layer}/${feature}`, signal)
export const dataview = (name, options, signal) => get(`dataviews/${encodeURIComponent(name)}${query(options)}`, signal)
export const search = (name, text, options, signal) =>
  get(`dataviews/${encodeURIComponent(name)}/search${query({ q: text, ...options })}`, signal)

/** Addresses for the map, whole: workers have no page to be relative to. A new version is another address. */
export const tiles = (version) => absolute(`tiles/{z}/{x}/{y}.mvt?v=${version}`)
export const pictures = (layer, version) => absolute(`pictures/${layer}/{z}/{x}/{y}.png?v=${version}`)

const absolute = (path) => `${location.origin}${location.pathname}${path}`
