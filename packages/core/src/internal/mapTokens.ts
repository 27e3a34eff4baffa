/** The tokens that stand in what is sent: servers and proxies repeat what they cannot read. */
import * as Redacted from "effect/Redacted"
import type { MapConfig } from "../MapConfig.ts"
import type { MapTemplate } from "../MapTemplate.ts"

export const ofConfig = ({ layers }: MapConfig): ReadonlyArray<Redacted.Redacted> =>
  layers.flatMap((layer) =>
    layer.type === "named" ? [layer.options.auth_tokens ?? []].flat().filter(Redacted.isRedacted) : []
  )

export const ofTemplate = ({ auth, layergroup }: MapTemplate): ReadonlyArray<Redacted.Redacted> => [
  ...(auth?.method === "token" ? auth.valid_tokens : []),
  ...ofConfig(layergroup)
]
