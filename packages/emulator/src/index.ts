/** A classic CARTO on this machine: the emulator, and the databases it can stand on. */
export type { ApiKey, NewApiKey, Permission, TableGrant } from "./Auth.ts"
export { Database, DatabaseError } from "./Database.ts"
export { Emulator, type EmulatorOptions, localMasterKey } from "./Emulator.ts"
export { Fault, type FaultMatch, Faults, htmlPage, serverError, tooManyRequests } from "./Faults.ts"
export * as PgliteDatabase from "./PgliteDatabase.ts"
export * as PostgresDatabase from "./PostgresDatabase.ts"
export type { Limit, RateLimitGroup } from "./RateLimit.ts"
