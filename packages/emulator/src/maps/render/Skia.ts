/** The part of Skia that is used: canvaskit-wasm's own types need those of browsers. */

/** Lives in WebAssembly's memory until it is deleted. */
export interface Owned {
  readonly delete: () => void
}

export interface Mode {
  readonly value: number
}

/** Red, green, blue and opacity of 0 to 1. */
export type SkiaColor = Float32Array

/** Left, top, right, bottom. */
export type Rectangle = Float32Array

export interface Path extends Owned {
  readonly setFillType: (type: Mode) => void
}

export interface PathEffect extends Owned {}

export interface Typeface extends Owned {}

export interface Paint extends Owned {
  readonly setAntiAlias: (isOn: boolean) => void
  readonly setBlendMode: (mode: Mode) => void
  readonly setColor: (color: SkiaColor) => void
  readonly setPathEffect: (effect: PathEffect | null) => void
  readonly setStrokeCap: (cap: Mode) => void
  readonly setStrokeJoin: (join: Mode) => void
  readonly setStrokeMiter: (limit: number) => void
  readonly setStrokeWidth: (width: number) => void
  readonly setStyle: (style: Mode) => void
}

export interface Font extends Owned {
  readonly getGlyphIDs: (text: string) => Uint16Array
  readonly getGlyphWidths: (glyphs: Uint16Array) => Float32Array
  readonly getMetrics: () => { readonly ascent: number; readonly descent: number; readonly leading: number }
  readonly setSubpixel: (isOn: boolean) => void
}

export interface Image extends Owned {
  readonly encodeToBytes: (format?: Mode, quality?: number) => Uint8Array | null
  readonly height: () => number
  readonly readPixels: (
    x: number,
    y: number,
    info: {
      readonly width: number
      readonly height: number
      readonly colorType: Mode
      readonly alphaType: Mode
      readonly colorSpace: unknown
    }
  ) => Uint8Array | null
  readonly width: () => number
}

export interface Canvas {
  readonly clear: (color: SkiaColor) => void
  readonly drawImageRect: (image: Image, from: Rectangle, to: Rectangle, paint: Paint) => void
  readonly drawOval: (oval: Rectangle, paint: Paint) => void
  readonly drawPaint: (paint: Paint) => void
  readonly drawPath: (path: Path, paint: Paint) => void
  readonly drawText: (text: string, x: number, y: number, paint: Paint, font: Font) => void
  readonly restore: () => void
  readonly saveLayer: (paint: Paint) => number
  readonly scale: (x: number, y: number) => void
}

export interface Surface {
  /** Gives its memory back, also that of its pixels. */
  readonly dispose: () => void
  readonly getCanvas: () => Canvas
  readonly makeImageSnapshot: () => Image
}

export type Modes<Name extends string> = Readonly<Record<Name, Mode>>

export interface CanvasKit {
  readonly AlphaType: Modes<"Unpremul">
  readonly BlendMode: Readonly<Record<string, Mode>> & Modes<"SrcOver">
  readonly Color4f: (red: number, green: number, blue: number, alpha: number) => SkiaColor
  readonly ColorSpace: { readonly SRGB: unknown }
  readonly ColorType: Modes<"RGBA_8888">
  readonly FillType: Modes<"EvenOdd">
  readonly Font: new (typeface: Typeface | null, size: number) => Font
  readonly ImageFormat: Modes<"PNG" | "JPEG">
  readonly LTRBRect: (left: number, top: number, right: number, bottom: number) => Rectangle
  readonly MakeImageFromEncoded: (bytes: Uint8Array) => Image | null
  readonly MakeSurface: (width: number, height: number) => Surface | null
  readonly Paint: new () => Paint
  readonly PaintStyle: Modes<"Fill" | "Stroke">
  readonly Path: { readonly MakeFromCmds: (commands: ReadonlyArray<number>) => Path | null }
  readonly PathEffect: { readonly MakeDash: (intervals: ReadonlyArray<number>, phase: number) => PathEffect | null }
  readonly StrokeCap: Modes<"Butt" | "Round" | "Square">
  readonly StrokeJoin: Modes<"Miter" | "Round" | "Bevel">
  readonly Typeface: { readonly GetDefault: () => Typeface | null }
}
