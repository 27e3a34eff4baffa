/** The members beside the rows of a JSON answer (SQL reference, §6.3). */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import * as SchemaJITCompiler from "effect/schema/SchemaJITCompiler"
import { Fields } from "../PgTypes.ts"

const Texts = Schema.optionalKey(Schema.Array(Schema.String))

/** Old servers leave members out, so none is required. */
export const Metadata = Schema.Struct({
  time: Schema.optionalKey(Schema.Finite),
  fields: Schema.optionalKey(Fields),
  total_rows: Schema.optionalKey(Schema.Finite),
  /** The statement failed after rows were sent; status 200 had already gone out. */
  error: Schema.optionalKey(Schema.NonEmptyArray(Schema.String)),
  notices: Texts,
  warnings: Texts,
  infos: Texts
})
export type Metadata = typeof Metadata.Type

// Every answer has it: for a short one, decoding it is most of the reading.
SchemaJITCompiler.enable(Metadata.ast)

/** What a statement told beside its rows. */
export interface Told {
  /** Rows of the last statement: affected by a change, or selected. 0 for DDL. */
  readonly totalRows: number
  /** As the server measured it, to the millisecond. */
  readonly time: Duration.Duration
  /** NOTICE messages of PostgreSQL, INFO among them. */
  readonly notices: ReadonlyArray<string>
  readonly warnings: ReadonlyArray<string>
}

export const told = (metadata: Metadata): Told => ({
  totalRows: metadata.total_rows ?? 0,
  time: Duration.seconds(metadata.time ?? 0),
  notices: [...(metadata.notices ?? []), ...(metadata.infos ?? [])],
  warnings: metadata.warnings ?? []
})
