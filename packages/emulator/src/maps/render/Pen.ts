/** Draws shapes on a canvas of Skia, and gives back all memory that it takes. */

import { type Color, rgba } from "./cartocss/Color.ts"
import { blendModes } from "./cartocss/properties.ts"
import type { Canvas, CanvasKit, Font, Paint, Path, SkiaColor, Typeface } from "./Skia.ts"

/** How something is composed with what is below it. */
export type BlendMode = keyof typeof blendModes

/** A filled or outlined shape. */
export interface Ink {
  readonly color: Color
  /** Of 0 to 1, on top of the colour's own. */
  readonly opacity: number
  readonly blendMode: BlendMode
}

/** An outline; lengths in pixels. */
export interface Stroke extends Ink {
  readonly width: number
  readonly join?: "miter" | "round" | "bevel" | undefined
  readonly cap?: "butt" | "round" | "square" | undefined
  readonly miterLimit?: number | undefined
  /** Lengths of dashes and gaps. */
  readonly dashes?: ReadonlyArray<number> | undefined
  readonly dashOffset?: number | undefined
}

/** Left, top, right, bottom in pixels. */
export type Box = readonly [left: number, top: number, right: number, bottom: number]

const black = rgba(0, 0, 0)

const limit = (opacity: number): number => Math.min(1, Math.max(0, opacity))

export class Pen {
  private readonly kit: CanvasKit
  private readonly canvas: Canvas
  private readonly paint: Paint
  private readonly typeface: Typeface | null
  private readonly fonts = new Map<number, Font>()

  constructor(kit: CanvasKit, canvas: Canvas) {
    this.kit = kit
    this.canvas = canvas
    this.paint = new kit.Paint()
    this.paint.setAntiAlias(true)
    this.typeface = kit.Typeface.GetDefault()
  }

  private color({ alpha, blue, green, red }: Color, opacity = 1): SkiaColor {
    return this.kit.Color4f(red / 255, green / 255, blue / 255, alpha * limit(opacity))
  }

  private fillWith({ blendMode, color, opacity }: Ink): Paint {
    this.paint.setStyle(this.kit.PaintStyle.Fill)
    this.paint.setBlendMode(this.mode(blendMode))
    this.paint.setColor(this.color(color, opacity))
    return this.paint
  }

  private mode(blendMode: BlendMode) {
    return this.kit.BlendMode[blendModes[blendMode]] ?? this.kit.BlendMode.SrcOver
  }

  private strokeWith(stroke: Stroke, draw: (paint: Paint) => void): void {
    const { cap = "butt", dashes = [], dashOffset = 0, join = "miter", miterLimit = 4, width } = stroke
    const { PathEffect, StrokeCap, StrokeJoin } = this.kit
    const paint = this.fillWith(stroke)
    paint.setStyle(this.kit.PaintStyle.Stroke)
    paint.setStrokeWidth(width)
    paint.setStrokeCap({ butt: StrokeCap.Butt, round: StrokeCap.Round, square: StrokeCap.Square }[cap])
    paint.setStrokeJoin({ miter: StrokeJoin.Miter, round: StrokeJoin.Round, bevel: StrokeJoin.Bevel }[join])
    paint.setStrokeMiter(miterLimit)
    const effect = dashes.some((length) => length > 0) ? PathEffect.MakeDash(dashes, dashOffset) : null
    paint.setPathEffect(effect)
    draw(paint)
    paint.setPathEffect(null)
    effect?.delete()
  }

  private withPath(commands: ReadonlyArray<number>, draw: (path: Path) => void): void {
    const path = this.kit.Path.MakeFromCmds(commands)
    if (path === null) return
    path.setFillType(this.kit.FillType.EvenOdd)
    draw(path)
    path.delete()
  }

  /** Covers all that was drawn. */
  clear(color: Color): void {
    this.canvas.clear(this.color(color))
  }

  /** Covers everything with a colour. */
  cover(color: Color): void {
    this.canvas.drawPaint(this.fillWith({ color, opacity: 1, blendMode: "src-over" }))
  }

  fill(commands: ReadonlyArray<number>, ink: Ink): void {
    this.withPath(commands, (path) => this.canvas.drawPath(path, this.fillWith(ink)))
  }

  stroke(commands: ReadonlyArray<number>, stroke: Stroke): void {
    this.withPath(commands, (path) => this.strokeWith(stroke, (paint) => this.canvas.drawPath(path, paint)))
  }

  fillOval(box: Box, ink: Ink): void {
    this.canvas.drawOval(this.kit.LTRBRect(...box), this.fillWith(ink))
  }

  strokeOval(box: Box, stroke: Stroke): void {
    this.strokeWith(stroke, (paint) => this.canvas.drawOval(this.kit.LTRBRect(...box), paint))
  }

  private font(size: number): Font {
    const font = this.fonts.get(size) ?? new this.kit.Font(this.typeface, size)
    font.setSubpixel(true)
    this.fonts.set(size, font)
    return font
  }

  textWidth(text: string, size: number): number {
    const font = this.font(size)
    return font.getGlyphWidths(font.getGlyphIDs(text)).reduce((sum, width) => sum + width, 0)
  }

  /** Pixels of the tallest letter above the baseline, and of the deepest below it. */
  textHeight(size: number): { readonly above: number; readonly below: number } {
    const { ascent, descent } = this.font(size).getMetrics()
    return { above: -ascent, below: descent }
  }

  fillText(text: string, x: number, y: number, size: number, ink: Ink): void {
    this.canvas.drawText(text, x, y, this.fillWith(ink), this.font(size))
  }

  strokeText(text: string, x: number, y: number, size: number, stroke: Stroke): void {
    this.strokeWith(stroke, (paint) => this.canvas.drawText(text, x, y, paint, this.font(size)))
  }

  /** Draws an encoded image into a box; `false` where it cannot be read. */
  image(bytes: Uint8Array, box: Box): boolean {
    const image = this.kit.MakeImageFromEncoded(bytes)
    if (image === null) return false
    const whole = this.kit.LTRBRect(0, 0, image.width(), image.height())
    const paint = this.fillWith({ color: black, opacity: 1, blendMode: "src-over" })
    this.canvas.drawImageRect(image, whole, this.kit.LTRBRect(...box), paint)
    image.delete()
    return true
  }

  /** Composes what `draw` draws as a whole. */
  together(opacity: number, blendMode: BlendMode, draw: () => void): void {
    const isPlain = opacity >= 1 && blendMode === "src-over"
    if (!isPlain) this.canvas.saveLayer(this.fillWith({ color: black, opacity, blendMode }))
    draw()
    if (!isPlain) this.canvas.restore()
  }

  delete(): void {
    for (const font of this.fonts.values()) font.delete()
    this.paint.delete()
    this.typeface?.delete()
  }
}
