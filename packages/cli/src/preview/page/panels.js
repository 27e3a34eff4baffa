/** The dataviews, each in a panel that follows the view. */
import { bars, formula, histogram } from "./charts.js"
import { byId, h } from "./dom.js"
import { number } from "./format.js"
import * as server from "./server.js"

const drawn = { formula, histogram, aggregation: ({ categories }) => bars(categories) }

const panelOf = ({ column, name, operation }) => {
  const body = h("div", { class: "body" })
  const side = h("span", { class: "faint" })
  const search = h("input", { type: "search", placeholder: "Search…", "aria-label": `Search ${name}` })
  search.hidden = true
  const what = operation === null ? "" : column === null ? operation : `${operation} of ${column}`
  const title = h("h2", {}, h("span", {}, name), side)
  const element = h(
    "section",
    { class: "card panel", "aria-label": name, title: what || undefined },
    title,
    search,
    body
  )
  let asking = new AbortController()
  let bbox = ""

  const ask = async () => {
    asking.abort()
    asking = new AbortController()
    const { signal } = asking
    element.setAttribute("aria-busy", "true")
    try {
      const text = search.value.trim()
      if (text === "") {
        const result = await server.dataview(name, { bbox, bins: 24 }, signal)
        search.hidden = result.type !== "aggregation"
        side.textContent = sideOf(result)
        body.replaceChildren(...drawn[result.type](result))
      } else {
        body.replaceChildren(...bars((await server.search(name, text, { bbox }, signal)).slice(0, 12)))
      }
    } catch (error) {
      if (signal.aborted) return
      body.replaceChildren(h("p", { class: "note" }, error.message))
    }
    element.removeAttribute("aria-busy")
  }
  search.addEventListener("input", ask)
  return {
    element,
    follow: (view) => {
      bbox = view
      return ask()
    }
  }
}

const sideOf = (result) => {
  if (result.type === "aggregation") return `${number(result.categoriesCount)} values`
  if (result.type === "formula") return result.operation
  return typeof result.avg === "number" ? `average ${number(result.avg)}` : ""
}

/** What to call when the view has changed. */
export const showPanels = ({ dataviews }) => {
  const panels = dataviews.map(panelOf)
  byId("panels").hidden = panels.length === 0
  document.body.classList.toggle("plain", panels.length === 0)
  byId("panels").replaceChildren(...panels.map(({ element }) => element))
  return (view) => Promise.all(panels.map(({ follow }) => follow(view)))
}
