/** PGlite's WebAssembly module by the names of C: PGlite's own types list only a few of its symbols. */
import * as Predicate from "effect/Predicate"

type CFunction = (...args: ReadonlyArray<number>) => number

/** The views are replaced whenever the memory grows, so read them afresh each time. */
export interface CModule {
  readonly HEAPU8: Uint8Array
  readonly HEAPU32: Uint32Array
  readonly UTF8ToString: (address: number, maximumBytes?: number) => string
  readonly wasmMemory: { readonly buffer: ArrayBufferLike }
  /** The top of C's own stack, a WebAssembly global. */
  readonly ___stack_pointer: { value: number }
}

export const isCModule = (value: unknown): value is CModule =>
  Predicate.hasProperty(value, "HEAPU8") &&
  Predicate.hasProperty(value, "HEAPU32") &&
  Predicate.hasProperty(value, "UTF8ToString") &&
  Predicate.hasProperty(value, "wasmMemory") &&
  Predicate.hasProperty(value, "___stack_pointer")

const isCFunction = (value: unknown): value is CFunction => Predicate.isFunction(value)

/** A C function, or `undefined` in a build that does not export it. */
export const cFunction = (module: object, name: string): CFunction | undefined => {
  const value: unknown = Reflect.get(module, `_${name}`)
  return isCFunction(value) ? value : undefined
}

/** The address of a C variable, or `undefined` in a build that does not export it. */
export const cVariable = (module: object, name: string): number | undefined => {
  const value: unknown = Reflect.get(module, `_${name}`)
  return Predicate.isNumber(value) ? value : undefined
}
