/** What is wrong with one part of a map, as the Maps API tells it in `errors_with_context` (Maps reference, §3.1). */
import * as Schema from "effect/Schema"

const Position = Schema.Struct({ line: Schema.Finite, column: Schema.Finite })

/** The layer that failed; turbo-carto also tells the place in its CartoCSS. */
export const ProblemLayer = Schema.Struct({
  id: Schema.optionalKey(Schema.String),
  /** In the order of the configuration, from 0. One endpoint sends it as text. */
  index: Schema.optionalKey(Schema.Union([Schema.Int, Schema.FiniteFromString])),
  type: Schema.optionalKey(Schema.String),
  context: Schema.optionalKey(
    Schema.Struct({
      selector: Schema.optionalKey(Schema.String),
      source: Schema.optionalKey(Schema.Struct({ start: Position, end: Schema.optionalKey(Position) }))
    })
  )
})

export const ProblemAnalysis = Schema.Struct({
  id: Schema.optionalKey(Schema.String),
  node_id: Schema.optionalKey(Schema.String),
  type: Schema.optionalKey(Schema.String)
})

export const MapProblem = Schema.Struct({
  /** `layer`, `analysis`, `dataview`, `filter`, `mapconfig`, `tile`, `auth`, `limit`, `unknown`, and others. */
  type: Schema.String,
  subtype: Schema.optionalKey(Schema.String),
  message: Schema.String,
  layer: Schema.optionalKey(ProblemLayer),
  analysis: Schema.optionalKey(ProblemAnalysis)
})
export type MapProblem = typeof MapProblem.Type

/** `layer "pts" (2), line 3, column 5`: where to look, or nothing where the server did not say. */
export const place = ({ analysis, layer }: MapProblem): string => {
  if (layer !== undefined) {
    const names = [
      ...(layer.id === undefined ? [] : [`"${layer.id}"`]),
      ...(layer.index === undefined ? [] : [layer.id === undefined ? `${layer.index}` : `(${layer.index})`])
    ]
    const start = layer.context?.source?.start
    return [`layer ${names.join(" ")}`, ...(start ? [`line ${start.line}`, `column ${start.column}`] : [])].join(", ")
  }
  const node = analysis?.node_id ?? analysis?.id
  return node === undefined ? "" : `analysis "${node}"`
}

/** The server's words behind the place they are about. */
export const describe = (problem: MapProblem): string => {
  const where = place(problem)
  return where === "" ? problem.message : `${where}: ${problem.message}`
}
