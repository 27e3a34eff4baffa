/** Dataviews as people read them: a number, bars of categories, a histogram. */
import { h } from "./dom.js"
import { number, short, time } from "./format.js"

const omitted = ({ infinities, nans, nulls }) => {
  const parts = [
    [nulls, "null"],
    [nans, "NaN"],
    [infinities, "infinite"]
  ].flatMap(([count, name]) => (count > 0 ? [`${number(count)} ${name}`] : []))
  return parts.length === 0 ? [] : [h("p", { class: "note" }, `without ${parts.join(", ")}`)]
}

const nothing = () => [h("p", { class: "note" }, "Nothing in view.")]

export const formula = (result) => [h("p", { class: "number" }, number(result.result)), ...omitted(result)]

const size = (value) => Math.abs(Number(value)) || 0

/** Bars are as long as their part of the largest; what stands for all others does not count there. */
export const bars = (categories) => {
  if (categories.length === 0) return nothing()
  const largest = Math.max(...categories.map(({ agg, value }) => (agg ? 0 : size(value)))) || 1
  return [
    h(
      "ol",
      { class: "bars" },
      categories.map(({ agg, category, value }) =>
        h(
          "li",
          { class: agg ? "rest" : undefined, "--part": Math.min(1, size(value) / largest) },
          h("span", { class: "label" }, category === null ? "null" : String(category)),
          h("span", { class: "value" }, short(value))
        )
      )
    )
  ]
}

const height = 72
const gap = 1.5

export const histogram = (result) => {
  const { bin_width: width, bins_count: count, bins_start: start } = result
  const bins = result.bins.filter(({ bin }) => typeof bin === "number")
  if (bins.length === 0) return nothing()
  const unit = result.aggregation
  const show = (value) => (unit === undefined ? short(value) : time(value, unit))
  const largest = Math.max(...bins.map(({ freq }) => freq))
  const slot = 288 / count
  const end = unit === undefined ? start + width * count : (bins.at(-1).timestamp ?? start + width * count)
  const rangeOf = ({ bin, timestamp }) =>
    unit === undefined ? `${show(start + bin * width)} to ${show(start + (bin + 1) * width)}` : show(timestamp)
  const summary = `${number(bins.reduce((sum, { freq }) => sum + freq, 0))} values from ${show(start)} to ${show(end)}`
  return [
    h(
      "svg",
      {
        class: "histogram",
        viewBox: `0 0 288 ${height}`,
        preserveAspectRatio: "none",
        role: "img",
        "aria-label": summary
      },
      [
        h("line", { x1: 0, x2: 288, y1: height, y2: height }),
        ...bins.map((bin) => {
          const tall = Math.max(1.5, (bin.freq / largest) * height)
          const rect = {
            x: bin.bin * slot + gap / 2,
            y: height - tall,
            width: Math.max(0.5, slot - gap),
            height: tall,
            rx: 1
          }
          return h("rect", rect, h("title", {}, `${rangeOf(bin)}: ${number(bin.freq)}`))
        })
      ]
    ),
    h("div", { class: "axis" }, h("span", {}, show(start)), h("span", {}, show(end))),
    ...omitted(result)
  ]
}
