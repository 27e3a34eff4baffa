/** Everything at once on Node: `Carto.layer` with its own connections, and uploads compressed on the thread pool. */
import * as Carto from "@effect-carto/core/Carto"
import type { CartoClientOptions } from "@effect-carto/core/CartoClient"
import type { CartoError } from "@effect-carto/core/CartoError"
import type { SqlOptions } from "@effect-carto/core/Sql"
import type * as Config from "effect/Config"
import * as Layer from "effect/Layer"
import * as NodeGzip from "./NodeGzip.ts"
import * as NodeHttp from "./NodeHttp.ts"

export interface NodeCartoOptions extends Carto.CartoOptions, NodeHttp.HttpOptions {}

/** All services for one account. Address, certificates and proxy are checked when the layer is built. */
export const layer = (options: NodeCartoOptions): Layer.Layer<Carto.CartoServices, CartoError> =>
  Layer.provide(Carto.layer(options), NodeHttp.layer(options)).pipe(Layer.merge(NodeGzip.layer))

/** The same, with the account and key of `CARTO_API_URL`, `CARTO_API_KEY` and `CARTO_ORG`. */
export const layerConfig = (
  options?: CartoClientOptions & SqlOptions & NodeHttp.HttpOptions
): Layer.Layer<Carto.CartoServices, CartoError | Config.ConfigError> =>
  Layer.provide(Carto.layerConfig(options), NodeHttp.layer(options)).pipe(Layer.merge(NodeGzip.layer))
