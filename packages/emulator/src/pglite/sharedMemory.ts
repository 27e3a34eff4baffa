/**
 * Puts PGlite's memory into a SharedArrayBuffer, so that the main thread can set PostgreSQL's cancel flags while a
 * statement runs. WebAssembly links such a memory only to modules that import it as shared: one field of the import
 * section of every module is rewritten before it is compiled.
 */

/** What Emscripten allows PGlite to grow to: 2 GiB in pages of 64 KiB. */
const maximumPages = 32768

const leb128 = (value: number): ReadonlyArray<number> => {
  const low = value & 0x7f
  const rest = value >>> 7
  return rest === 0 ? [low] : [low | 0x80, ...leb128(rest)]
}

/** A reader of WebAssembly's binary format, as far as the import section needs it. */
const reader = (bytes: Uint8Array) => {
  const state = { at: 8 }
  const byte = (): number => bytes[state.at++] ?? 0
  const unsigned = (): number => {
    let result = 0
    for (let shift = 0; ; shift += 7) {
      const next = byte()
      result |= (next & 0x7f) << shift
      if (next < 0x80) return result >>> 0
    }
  }
  const skip = (count: number): void => {
    state.at += count
  }
  const limits = (): { readonly minimum: number; readonly maximum: number | undefined } => {
    const flags = unsigned()
    return { minimum: unsigned(), maximum: flags & 1 ? unsigned() : undefined }
  }
  return { state, byte, unsigned, skip, limits }
}

const importSection = 2
const Kind = { function: 0, table: 1, memory: 2, global: 3, tag: 4 } as const

/** The module with its memory imported as shared; the same bytes when it imports no memory. */
export const shareMemoryImport = (bytes: Uint8Array): Uint8Array => {
  const { byte, limits, skip, state, unsigned } = reader(bytes)
  while (state.at < bytes.length) {
    const section = byte()
    const lengthAt = state.at
    const length = unsigned()
    const start = state.at
    const end = start + length
    if (section !== importSection) {
      state.at = end
      continue
    }
    for (let left = unsigned(); left > 0; left--) {
      skip(unsigned())
      skip(unsigned())
      const kind = byte()
      if (kind === Kind.memory) {
        const at = state.at
        const { maximum = maximumPages, minimum } = limits()
        const shared = Buffer.from([...leb128(3), ...leb128(minimum), ...leb128(maximum)])
        const body = Buffer.concat([bytes.subarray(start, at), shared, bytes.subarray(state.at, end)])
        return Buffer.concat([bytes.subarray(0, lengthAt), Buffer.from(leb128(body.length)), body, bytes.subarray(end)])
      }
      if (kind === Kind.function) unsigned()
      else if (kind === Kind.global) skip(2)
      else if (kind === Kind.tag) {
        skip(1)
        unsigned()
      } else if (kind === Kind.table) {
        skip(1)
        limits()
      }
    }
    return bytes
  }
  return bytes
}

/** The part of the global namespace that PGlite and Emscripten's dynamic linker call. */
declare const WebAssembly: {
  readonly compile: (source: unknown) => Promise<object>
  readonly instantiate: (source: unknown, imports?: object) => Promise<object>
  readonly Module: new (source: unknown) => object
  readonly Memory: new (limits: { readonly initial: number; readonly maximum?: number }) => object
}

/** Replaces the thread's `WebAssembly` functions. Call it before PGlite is loaded, in a thread of its own. */
export const shareMemory = (): void => {
  const { Memory, Module, compile, instantiate } = WebAssembly
  const shared = (source: unknown): unknown =>
    ArrayBuffer.isView(source)
      ? shareMemoryImport(new Uint8Array(source.buffer, source.byteOffset, source.byteLength))
      : source instanceof ArrayBuffer
        ? shareMemoryImport(new Uint8Array(source))
        : source
  Object.assign(WebAssembly, {
    compile: (source: unknown) => compile(shared(source)),
    instantiate: (source: unknown, imports?: object) => instantiate(shared(source), imports),
    Module: new Proxy(Module, { construct: (target, [source]) => new target(shared(source)) }),
    Memory: new Proxy(Memory, {
      construct: (target, [limits]) => new target(limits.maximum === undefined ? limits : { ...limits, shared: true })
    })
  })
}
