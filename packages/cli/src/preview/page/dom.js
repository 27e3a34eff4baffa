/** Makes elements; text is text, never markup. */

const svgTags = ["svg", "rect", "line", "circle", "path", "title"]

export const h = (tag, attributes = {}, ...children) => {
  const element = svgTags.includes(tag)
    ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value)
    else if (name.startsWith("--")) element.style.setProperty(name, value)
    else if (value === true) element.setAttribute(name, "")
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, value)
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null))
  return element
}

export const byId = (id) => document.getElementById(id)
