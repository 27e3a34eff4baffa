/** What an operator decides about the Maps API. */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"

/** A CDN in front of the tiles: answers then lead there. The emulator itself answers `/{user}/api/v1/map`, as CDNs ask. */
export interface Cdn {
  /** Host and port, without scheme. */
  readonly http: string
  readonly https?: string | undefined
  /** Put in front of the host, with a dot; none unless told. */
  readonly subdomains?: ReadonlyArray<string> | undefined
}

/** All of it is optional. */
export interface MapsOptions {
  /** Addresses of tiles lead to a CDN; to the emulator itself unless told. */
  readonly cdn?: Cdn | undefined
  /** How long an instantiated map lives after its last use; two hours unless told. */
  readonly mapLifetime?: Duration.Input | undefined
  /** How many named maps there may be; 1024 unless told. */
  readonly maxTemplates?: number | undefined
  /** Statements that take longer answer 429. None unless told. */
  readonly statementTimeout?: Duration.Input | undefined
}

/** The options that an emulator was made with. */
export class MapsSettings extends Context.Service<MapsSettings, MapsOptions>()("carto-emulator/MapsSettings") {}
