/** Light and dark: as the system has it, until the button says otherwise. */
import { byId } from "./dom.js"

const dark = matchMedia("(prefers-color-scheme: dark)")

const isDark = () => {
  const { theme } = document.documentElement.dataset
  return theme === undefined ? dark.matches : theme === "dark"
}

/** Colors of the page as the map takes them. */
export const colors = () => {
  const probe = document.body.appendChild(document.createElement("i"))
  const names = ["sea", "land", "coast", "grid", "picked", "card"]
  const found = Object.fromEntries(
    names.map((name) => {
      probe.style.color = `var(--${name})`
      return [name, getComputedStyle(probe).color]
    })
  )
  probe.remove()
  return found
}

export const onTheme = (change) => {
  dark.addEventListener("change", change)
  byId("theme").addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark"
    change()
  })
}
