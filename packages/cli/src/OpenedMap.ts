/** What a command draws: a map of a file, or a named one, instantiated. */
import type { CartoError } from "@effect-carto/core/CartoError"
import type { Layergroup } from "@effect-carto/core/Layergroup"
import type { MapConfig } from "@effect-carto/core/MapConfig"
import { Maps } from "@effect-carto/core/Maps"
import { NamedMaps } from "@effect-carto/core/NamedMaps"
import * as NodeFile from "@effect-carto/node/NodeFile"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { type CommandError, usage } from "./CommandError.ts"
import * as Input from "./Input.ts"
import { isFile, type PlaceholderValues, readConfig } from "./MapDefinition.ts"

export interface TargetInput {
  readonly target: string
  readonly placeholders: PlaceholderValues
  readonly tokenFile: Option.Option<string>
}

export interface OpenedMap {
  /** What the caller called it. */
  readonly name: string
  readonly layergroup: Layergroup
  /** Of a file; what a named map is made of, only its owner may see. */
  readonly config: MapConfig | undefined
}

export const open = Effect.fnUntraced(function* (input: TargetInput) {
  const { placeholders, target } = input
  const authToken = yield* token(input)
  if (isFile(target)) {
    if (authToken !== undefined) {
      return yield* usage("A map of a file takes no token.", "--token-file goes with the name of a named map.")
    }
    const config = yield* readConfig(target, placeholders)
    const layergroup = yield* Effect.flatMap(Maps, ({ instantiate }) => instantiate(config))
    const opened: OpenedMap = { name: target === "-" ? "map" : target, layergroup, config }
    return opened
  }
  const layergroup = yield* Effect.flatMap(NamedMaps, ({ instantiate }) =>
    instantiate(target, { placeholders, authToken })
  )
  const opened: OpenedMap = { name: target, layergroup, config: undefined }
  return opened
})

/** Tokens stand in files rather than in flags, which stay in the shell's history. */
export const token = Effect.fnUntraced(function* ({ target, tokenFile }: Pick<TargetInput, "target" | "tokenFile">) {
  if (Option.isNone(tokenFile)) return undefined
  const file = tokenFile.value
  if (file === "-" && target === "-") {
    return yield* usage("Standard input holds one thing.", "Put the token or the map into a file.")
  }
  const text = file === "-" ? Input.text : NodeFile.read(file).pipe(Stream.decodeText, Stream.mkString)
  const read: Effect.Effect<string, CartoError | CommandError, Effect.Services<typeof text>> = text
  const trimmed = (yield* read).trim()
  return trimmed === "" ? yield* usage("The token is empty.") : Redacted.make(trimmed)
})
