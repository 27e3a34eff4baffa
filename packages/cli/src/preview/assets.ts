/** The files of the page: its own, and MapLibre's. */
import { readFile } from "node:fs/promises"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"

const types = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  json: "application/json"
} as const

/** This package by its own name, as its files lie elsewhere when it is bundled. */
const own = "@effect-carto/cli/package.json"
const maplibre = "maplibre-gl/dist/"

/** Names of the page's own files lead nowhere else. */
const isOwn = (name: string): boolean => /^[a-z]+\.(html|css|js|json)$/i.test(name)
const maplibreFiles = ["maplibre-gl.mjs", "maplibre-gl-worker.mjs", "maplibre-gl.css"]

const addressOf = (name: string): URL | undefined => {
  if (isOwn(name)) return new URL(`src/preview/page/${name}`, import.meta.resolve(own))
  return maplibreFiles.includes(name) ? new URL(import.meta.resolve(`${maplibre}${name}`)) : undefined
}

export interface Asset {
  readonly bytes: Uint8Array
  readonly contentType: string
}

/** Undefined for a name that is none of them. */
export const asset = (name: string): Effect.Effect<Asset | undefined> => {
  const address = addressOf(name)
  if (address === undefined) return Effect.undefined
  const contentType = Object.entries(types).find(([extension]) => name.endsWith(`.${extension}`))?.[1] ?? types.json
  return Effect.promise(() => readFile(address).then((bytes) => ({ bytes, contentType }), ifMissing))
}

const ifMissing = (error: unknown): undefined => {
  if (Predicate.hasProperty(error, "code") && error.code === "ENOENT") return undefined
  throw error
}
