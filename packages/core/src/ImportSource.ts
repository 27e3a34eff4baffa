/** What can be imported: bytes, what a URL gives, rows of a query, a copy of a dataset, another database. */
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type * as Stream from "effect/Stream"
import type * as Statement from "effect/sql/Statement"
import type { Connector } from "./Connector.ts"

/** A file that is sent. Its name decides the format by its extension, and the name of the dataset. */
export interface BytesSource<out E = never, out R = never> {
  readonly _tag: "Bytes"
  readonly name: string
  readonly bytes: Stream.Stream<Uint8Array, E, R>
  /** Asked for before anything is sent. */
  readonly facts: Effect.Effect<BytesOptions, E, R>
}

export interface UrlSource {
  readonly _tag: "Url"
  readonly url: string | Redacted.Redacted
}

export interface QuerySource {
  readonly _tag: "Query"
  readonly query: string | Statement.Fragment
  readonly name: string | undefined
}

export interface TableSource {
  readonly _tag: "Table"
  readonly table: string
  readonly name: string | undefined
}

export interface DatabaseSource {
  readonly _tag: "Database"
  readonly connector: Connector
}

export interface ServiceSource {
  readonly _tag: "Service"
  readonly service: string
  readonly item: string
}

export interface LibrarySource {
  readonly _tag: "Library"
  readonly visualizationId: string
}

/** Made by the functions of this module. */
export type ImportSource<E = never, R = never> =
  | BytesSource<E, R>
  | UrlSource
  | QuerySource
  | TableSource
  | DatabaseSource
  | ServiceSource
  | LibrarySource

export interface BytesOptions {
  /** In bytes, where it is known: the request then tells its length, and a source of another size fails. */
  readonly size?: number | undefined
  /**
   * Whether the stream gives the same bytes when it is run a second time. With `false`, as for standard input, nothing is
   * sent again once some of it was taken. Default true.
   */
  readonly replayable?: boolean | undefined
}

/**
 * A file of this name. The stream is sent as it comes; nothing of it is kept. What there is to know of it may be an effect,
 * such as a look at the disk.
 */
export const bytes = <E = never, R = never>(
  name: string,
  bytes: Stream.Stream<Uint8Array, E, R>,
  options: BytesOptions | Effect.Effect<BytesOptions, E, R> = {}
): BytesSource<E, R> => ({
  _tag: "Bytes",
  name,
  bytes,
  facts: Effect.isEffect(options) ? options : Effect.succeed(options)
})

/** What the server downloads by http, https or ftp. The URL is sent letter by letter; one with a password may be `Redacted`. */
export const url = (url: string | Redacted.Redacted): UrlSource => ({ _tag: "Url", url })

/** A new dataset from the rows of one query of the account. */
export const query = (query: string | Statement.Fragment, options?: { readonly name?: string }): QuerySource => ({
  _tag: "Query",
  query,
  name: options?.name
})

/** A copy of a dataset of the account. */
export const table = (table: string, options?: { readonly name?: string }): TableSource => ({
  _tag: "Table",
  table,
  name: options?.name
})

/** Rows of another database, which the server reads; at most a million, the rest is cut (`Import.warnings` tells). */
export const database = (connector: Connector): DatabaseSource => ({ _tag: "Database", connector })

/** An item of a cloud service that the account is connected to, such as `gdrive` or `dropbox`. */
export const service = (service: string, item: string): ServiceSource => ({ _tag: "Service", service, item })

/** A dataset of the data library, by the id of its visualization. */
export const library = (visualizationId: string): LibrarySource => ({ _tag: "Library", visualizationId })
