/** Everything at once: credentials, the client, and every service on it. */
import type * as Config from "effect/Config"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type * as SqlClient from "effect/sql/SqlClient"
import { ApiKeys } from "./ApiKeys.ts"
import { Auth, type AuthOptions } from "./Auth.ts"
import { CartoClient, type CartoClientOptions } from "./CartoClient.ts"
import type { CartoError } from "./CartoError.ts"
import { DataObservatory } from "./DataObservatory.ts"
import { Datasets } from "./Datasets.ts"
import { Imports, type ImportsOptions } from "./Imports.ts"
import { Kuviz } from "./Kuviz.ts"
import { Maps } from "./Maps.ts"
import { NamedMaps } from "./NamedMaps.ts"
import { Permissions } from "./Permissions.ts"
import { Sql, type SqlOptions } from "./Sql.ts"
import { SqlCopy } from "./SqlCopy.ts"
import { SqlJobs } from "./SqlJobs.ts"
import { Synchronizations } from "./Synchronizations.ts"
import { Tables } from "./Tables.ts"
import { Users } from "./Users.ts"
import { VisualizationExports } from "./VisualizationExports.ts"
import { Visualizations } from "./Visualizations.ts"

export interface CartoOptions extends AuthOptions, CartoClientOptions, ImportsOptions, SqlOptions {}

/** What the layers of this module provide. */
export type CartoServices =
  | ApiKeys
  | Auth
  | CartoClient
  | DataObservatory
  | Datasets
  | Imports
  | Kuviz
  | Maps
  | NamedMaps
  | Permissions
  | Sql
  | SqlClient.SqlClient
  | SqlCopy
  | SqlJobs
  | Synchronizations
  | Tables
  | Users
  | VisualizationExports
  | Visualizations

/** Datasets stand on other services: their rows go through SQL and COPY, and imports bring them to be. */
const services = (options: CartoClientOptions & ImportsOptions & SqlOptions) =>
  Datasets.layer(options).pipe(Layer.provideMerge(basics(options)))

const basics = (options: CartoClientOptions & ImportsOptions & SqlOptions) =>
  Layer.mergeAll(
    ApiKeys.layer(options),
    DataObservatory.layer(options),
    Imports.layer(options),
    Kuviz.layer(options),
    Maps.layer(),
    NamedMaps.layer(options),
    Permissions.layer(options),
    Sql.layer(options),
    SqlCopy.layer(options),
    SqlJobs.layer(options),
    Synchronizations.layer(options),
    Tables.layer(options),
    Users.layer(options),
    VisualizationExports.layer(),
    Visualizations.layer(options)
  ).pipe(Layer.provideMerge(CartoClient.layer(options)))

/** All services for one account. The address is checked when the layer is built. */
export const layer = (options: CartoOptions): Layer.Layer<CartoServices, CartoError, HttpClient.HttpClient> =>
  Layer.provideMerge(services(options), Auth.layer(options))

/** The same, with the account and key of `CARTO_API_URL`, `CARTO_API_KEY` and `CARTO_ORG`. */
export const layerConfig = (
  options?: CartoClientOptions & ImportsOptions & SqlOptions
): Layer.Layer<CartoServices, CartoError | Config.ConfigError, HttpClient.HttpClient> =>
  Layer.provideMerge(services(options ?? {}), Auth.layerConfig)
