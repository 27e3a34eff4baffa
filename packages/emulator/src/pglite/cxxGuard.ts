/**
 * Turns C++ exceptions of GEOS and PROJ into PostgreSQL errors.
 *
 * PGlite's PostGIS is compiled without code to catch C++ exceptions: one that is thrown unwinds the whole backend, and
 * the query answers no rows and no error, with the transaction left broken. Raising an ordinary ERROR at the throw site
 * instead keeps the session healthy, and plpgsql can catch it.
 */
import type { Extension } from "@electric-sql/pglite"
import { type CModule, cFunction, isCModule } from "./cModule.ts"

/** ERROR of `elog.h`. */
const errorLevel = 21

export const cxxGuard: Extension = {
  name: "cxxGuard",
  setup: async (pglite, emscriptenOpts) => {
    const instantiate = emscriptenOpts.instantiateWasm
    emscriptenOpts.instantiateWasm = (imports: { readonly env: object }, done: unknown) => {
      const raise = (exception: number): void => {
        const module: unknown = Reflect.get(pglite, "Module")
        if (!isCModule(module)) throw new Error("a C++ exception came before PostgreSQL had started")
        raiseError(module, describe(module, exception))
      }
      // Emscripten's dynamic linker reads the signature of what it links.
      Object.assign(imports.env, { __cxa_throw: Object.assign(raise, { sig: "vppp" }) })
      return instantiate(imports, done)
    }
    return { emscriptenOpts }
  }
}

/** Whether the build has all that raising an error needs; without it a wrong answer could go unnoticed. */
export const canRaise = (module: CModule): boolean => reporters(module) !== undefined

const reporters = (module: CModule) => {
  const errstart = cFunction(module, "errstart")
  const errmsg = cFunction(module, "errmsg_internal")
  const errfinish = cFunction(module, "errfinish")
  const palloc = cFunction(module, "palloc")
  return errstart && errmsg && errfinish && palloc ? { errstart, errmsg, errfinish, palloc } : undefined
}

/** The message of a `std::exception` follows its virtual table; other exceptions have something else there. */
const describe = (module: CModule, exception: number): string => {
  const text = module.UTF8ToString(module.HEAPU32[(exception + 4) >> 2] ?? 0, 500)
  return /^[\x20-\x7e\n\u0080-\uffff]+$/.test(text) ? text : "C++ exception"
}

/** `ereport(ERROR, errmsg_internal("%s", message))`, which never returns. */
const raiseError = (module: CModule, message: string): void => {
  const c = reporters(module)
  if (c === undefined) throw new Error(message)
  const text = (value: string): number => {
    const bytes = Buffer.from(`${value}\0`)
    const address = c.palloc(bytes.length)
    module.HEAPU8.set(bytes, address)
    return address
  }
  c.errstart(errorLevel, 0)
  const format = text("%s")
  const variadic = c.palloc(8)
  module.HEAPU32[variadic >> 2] = text(`GEOS/PROJ: ${message}`)
  c.errmsg(format, variadic)
  c.errfinish(text("PostGIS"), 0, text("__cxa_throw"))
}
