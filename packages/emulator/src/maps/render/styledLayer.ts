/** Layers of features with a style. */
import * as Effect from "effect/Effect"
import { badRequest, unsupported } from "../MapsError.ts"
import type { Feature } from "../mvt/readFeatures.ts"
import type { RenderLayer } from "../Renderer.ts"
import type { Color } from "./cartocss/Color.ts"
import { type Attachment, cascade, type Symbolizer, type SymbolizerKind } from "./cartocss/cascade.ts"
import { readStylesheet } from "./cartocss/readStylesheet.ts"
import type { Drawing, Sheet } from "./Drawing.ts"
import { drawLabel } from "./drawLabel.ts"
import { drawMarker } from "./drawMarker.ts"
import { drawLine, drawPolygon } from "./drawShape.ts"
import { blendMode, number } from "./settings.ts"

const draw: Readonly<Record<SymbolizerKind, (sheet: Sheet, symbolizer: Symbolizer, feature: Feature) => void>> = {
  polygon: drawPolygon,
  line: drawLine,
  marker: drawMarker,
  text: drawLabel
}

const drawAttachment = (sheet: Sheet, { properties, symbolizers }: Attachment, features: ReadonlyArray<Feature>) =>
  sheet.pen.together(number(properties, "opacity", 1), blendMode(properties, "comp-op"), () => {
    for (const feature of features) {
      for (const symbolizer of symbolizers(feature)) draw[symbolizer.kind](sheet, symbolizer, feature)
    }
  })

/** A layer ready to be drawn, and the colour behind it and its neighbours. */
export interface StyledLayer {
  readonly background: Color | undefined
  readonly draw: Drawing
}

/** Fails with 400 for a wrong style, with 501 for one that asks for what is not drawn. */
export const styledLayer = Effect.fnUntraced(function* ({ features, id, options }: RenderLayer, zoom: number) {
  const stylesheet = yield* Effect.mapError(
    Effect.fromResult(readStylesheet(String(options.cartocss), "style0")),
    ({ message }) => badRequest(message, { type: "layer" })
  )
  if (stylesheet.undrawn.length > 0) {
    return yield* unsupported(`the style of layer ${id}: ${stylesheet.undrawn.join(", ")}`)
  }
  const unread = [...stylesheet.columns].filter((name) => features.some(({ properties }) => !(name in properties)))
  if (unread.length > 0) return yield* unsupported(`columns of such types in styles: ${unread.join(", ")}`)
  const attachments = cascade(stylesheet, zoom)
  const layer: StyledLayer = {
    background: stylesheet.background,
    draw: (sheet) => {
      for (const attachment of attachments) drawAttachment(sheet, attachment, features)
    }
  }
  return layer
})
