/**
 * Modules import parts of Node that most commands never use: its cryptography alone takes five milliseconds of every
 * start, and an import of its files brings streams and readline with it. The bundle asks for them with the first call.
 */
import type { Plugin } from "rolldown"

const names = [
  "node:child_process",
  "node:crypto",
  "node:fs",
  "node:fs/promises",
  "node:http",
  "node:readline",
  "node:tty",
  "node:zlib"
] as const

type Name = (typeof names)[number]

/** Functions are looked up when they are called; classes and values from the start, for who uses them. */
const standIn = (name: Name): string => {
  const builtin = `process.getBuiltinModule("${name}")`
  const exported = Object.entries(process.getBuiltinModule(name)).map(([key, value]) =>
    typeof value === "function" && !/^[A-Z]/.test(key)
      ? `export const ${key} = (...given) => ${builtin}.${key}(...given)`
      : `export const ${key} = /* @__PURE__ */ ${key === "promises" ? promises : `(() => ${builtin}.${key})()`}`
  )
  return exported.join("\n")
}

/** Of `node:fs`: these functions are a module, too. */
const promises = `new Proxy({}, { get: (_, key) => process.getBuiltinModule("node:fs/promises")[key] })`

const prefix = "\0lazy:"

export const lazyBuiltins: Plugin = {
  name: "lazy-builtins",
  resolveId: { filter: { id: new RegExp(`^(${names.join("|")})$`) }, handler: (id) => `${prefix}${id}` },
  load: {
    filter: { id: new RegExp(`^${prefix}`) },
    handler: (id) => {
      const name = names.find((name) => id === `${prefix}${name}`)
      return name && { code: standIn(name), moduleSideEffects: false }
    }
  }
}
