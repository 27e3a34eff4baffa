/** Every public name. Services are classes; collections of functions are namespaces named after their file. */
export * as Account from "./Account.ts"
export * as ApiKey from "./ApiKey.ts"
export * as ApiKeyGrants from "./ApiKeyGrants.ts"
export { type ApiKeyCheck, type ApiKeyListOptions, ApiKeys, type ApiKeysOptions, type KeyOwner } from "./ApiKeys.ts"
export { Auth, type AuthOptions } from "./Auth.ts"
export * as Carto from "./Carto.ts"
export {
  CartoClient,
  type CartoClientOptions,
  type EndpointGroup,
  type Opened,
  type Received,
  type RequestOptions
} from "./CartoClient.ts"
export * from "./CartoError.ts"
export * as Connector from "./Connector.ts"
export * as CopyBinary from "./CopyBinary.ts"
export { CopyFormatError } from "./CopyFormatError.ts"
export type { CopyProgress } from "./CopyProgress.ts"
export * as CopyText from "./CopyText.ts"
export {
  DataObservatory,
  type DataObservatoryOptions,
  type MetadataEntity,
  type MetadataOptions,
  type SubscriptionListOptions,
  type WorkPollOptions
} from "./DataObservatory.ts"
export * as DataSubscription from "./DataSubscription.ts"
export {
  type DatasetColumn,
  type DatasetConstraint,
  type DatasetDescription,
  type DatasetGeometry,
  type DatasetIndex,
  type DatasetTrigger,
  TableDescription
} from "./DatasetDescription.ts"
export type { Loaded, LoadMode, LoadOptions, LoadStep, PlanOptions } from "./DatasetLoad.ts"
export * as DatasetNames from "./DatasetNames.ts"
export type { CreateOptions, DatasetChanges, DatasetListOptions, Dependents } from "./DatasetOptions.ts"
export * as DatasetRows from "./DatasetRows.ts"
export { Datasets, type DatasetsOptions } from "./Datasets.ts"
export * as Dataview from "./Dataview.ts"
export type { DataviewOptions } from "./DataviewOptions.ts"
export * as DataviewResult from "./DataviewResult.ts"
export * as Deadline from "./Deadline.ts"
export * as Enrichment from "./Enrichment.ts"
export * as Ewkb from "./Ewkb.ts"
export * as GeoJson from "./GeoJson.ts"
export { Geometry, GeometryAsGeoJson } from "./Geometry.ts"
export { type Compress, Gzip } from "./Gzip.ts"
export * as Import from "./Import.ts"
export * as ImportErrors from "./ImportErrors.ts"
export type { ImportOptions, ImportProgress, ImportRunOptions, ImportWaitOptions } from "./ImportOptions.ts"
export type {
  ImportDamage,
  ImportFinding,
  ImportLimits,
  ImportPreview,
  InspectOptions,
  PreviewColumn
} from "./ImportPreview.ts"
export * as ImportSource from "./ImportSource.ts"
export { type ImportManyOptions, type ImportReport, Imports, type ImportsOptions } from "./Imports.ts"
export { Interval } from "./Interval.ts"
export * as Job from "./Job.ts"
export { Kuviz, type KuvizChanges, type KuvizCreateOptions, type KuvizListOptions, type KuvizOptions } from "./Kuviz.ts"
export * as KuvizPage from "./KuvizPage.ts"
export {
  Layergroup,
  LayergroupId,
  type StaticOptions,
  type TileJsonOptions
} from "./Layergroup.ts"
export * as Literal from "./Literal.ts"
export { LiteralError } from "./LiteralError.ts"
export * as LongQuery from "./LongQuery.ts"
export { MapAggregation } from "./MapAggregation.ts"
export { AnalysisEntry, AnalysisStatus } from "./MapAnalysis.ts"
export * as MapConfig from "./MapConfig.ts"
export { DataviewFilter, MapFilters } from "./MapFilters.ts"
export * as MapLayer from "./MapLayer.ts"
export { type LayerMetadata, type MapMetadata, UrlTemplate } from "./MapMetadata.ts"
export { MapProblem } from "./MapProblem.ts"
export { type ClusterOptions, type InstantiateOptions, Maps, type TilesOptions } from "./Maps.ts"
export * as MapTemplate from "./MapTemplate.ts"
export {
  type Applied,
  type DirectOptions,
  type NamedInstantiateOptions,
  NamedMaps,
  type NamedMapsOptions,
  type PruneOptions
} from "./NamedMaps.ts"
export * as Organization from "./Organization.ts"
export * as Pages from "./Pages.ts"
export * as Permission from "./Permission.ts"
export {
  type Grant,
  type GrantableOptions,
  type Grantee,
  Permissions,
  type PermissionsOptions
} from "./Permissions.ts"
export { PgTypeError } from "./PgTypeError.ts"
export * as PgTypes from "./PgTypes.ts"
export type { PollOptions, Seen } from "./PollOptions.ts"
export * as RowCode from "./RowCode.ts"
export { type RetryOptions, retryPolicy } from "./retryPolicy.ts"
export {
  type ExecuteResult,
  type ExportFormat,
  type ExportOptions,
  type QueryOptions,
  type QueryResult,
  type Row,
  Sql,
  type SqlOptions,
  type StreamOptions,
  type Tag
} from "./Sql.ts"
export {
  type CopyFromOptions,
  type CopyFromStatementOptions,
  type CopyResult,
  type CopyToOptions,
  type Source,
  SqlCopy,
  type SqlCopyOptions
} from "./SqlCopy.ts"
export {
  type FallbackJob,
  type FallbackQuery,
  type JobInput,
  type JobStatement,
  SqlJobs,
  type SqlJobsOptions
} from "./SqlJobs.ts"
export * as SqlText from "./SqlText.ts"
export type { StaticSize, StaticView } from "./StaticView.ts"
export { StoredTemplate } from "./StoredTemplate.ts"
export * as Synchronization from "./Synchronization.ts"
export {
  type EnqueuedRun,
  type SynchronizationOptions,
  type SynchronizationPollOptions,
  type SynchronizationSource,
  Synchronizations,
  type SynchronizationsOptions,
  type SynchronizationTarget
} from "./Synchronizations.ts"
export * as Table from "./Table.ts"
export type { TableDump, TableDumpColumn, TableStructure } from "./TableDump.ts"
export { type NewTable, type TableChanges, type TableListOptions, Tables, type TablesOptions } from "./Tables.ts"
export * as TileData from "./TileData.ts"
export { TileJson } from "./TileJson.ts"
export type { LayerFilter, TileOptions, UrlOptions } from "./TileOptions.ts"
export * as Tiles from "./Tiles.ts"
export * as User from "./User.ts"
export * as UserDataset from "./UserDataset.ts"
export {
  type MemberListOptions,
  type NewUser,
  type OrganizationOptions,
  type OwnChanges,
  type UserChanges,
  type UserCreateOptions,
  Users,
  type UsersOptions
} from "./Users.ts"
export * as Visualization from "./Visualization.ts"
export * as VisualizationExport from "./VisualizationExport.ts"
export {
  type VisualizationExportOptions,
  type VisualizationExportPollOptions,
  VisualizationExports
} from "./VisualizationExports.ts"
export {
  type ListInclude,
  type MapChanges,
  type MapListOptions,
  type MapType,
  type NewMap,
  type ReadInclude,
  type ReadOptions,
  Visualizations,
  type VisualizationsOptions
} from "./Visualizations.ts"
export { version } from "./version.ts"
