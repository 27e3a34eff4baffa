/** What tests use of `style.js`. */
export interface Drawing {
  readonly id: string
  readonly type: "fill" | "line" | "circle"
  readonly paint: Readonly<Record<string, unknown>>
}

export const drawingsOf: (layer: { readonly index: number; readonly cartocss: string | null }) => ReadonlyArray<Drawing>
