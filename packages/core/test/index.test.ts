import { assert, it } from "@effect/vitest"
import manifest from "../package.json" with { type: "json" }
import * as core from "../src/index.ts"

it("exports exactly the public names", () => {
  assert.deepStrictEqual(Object.keys(core).sort(), [
    "Account",
    "Auth",
    "AuthError",
    "Carto",
    "CartoClient",
    "CartoError",
    "CartoErrorReason",
    "ConcurrencyError",
    "Connector",
    "CopyBinary",
    "CopyFormatError",
    "CopyText",
    "Deadline",
    "Ewkb",
    "ExportError",
    "GeoJson",
    "Geometry",
    "GeometryAsGeoJson",
    "Gzip",
    "Import",
    "ImportError",
    "ImportErrors",
    "ImportSource",
    "Imports",
    "Interval",
    "Job",
    "JobError",
    "Literal",
    "LiteralError",
    "LongQuery",
    "MapError",
    "NotFoundError",
    "PgTypeError",
    "PgTypes",
    "ProtocolError",
    "QuotaError",
    "RateLimitError",
    "ServerError",
    "Sql",
    "SqlCopy",
    "SqlError",
    "SqlJobs",
    "SqlText",
    "StatementTimeoutError",
    "Synchronization",
    "SynchronizationError",
    "Synchronizations",
    "TimeoutError",
    "TransportError",
    "ValidationError",
    "VisualizationExport",
    "VisualizationExports",
    "retryPolicy",
    "version"
  ])
})

it("knows its own version", () => {
  assert.strictEqual(core.version, manifest.version)
})
