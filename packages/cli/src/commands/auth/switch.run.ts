/** The work of `carto auth switch`. */
import * as Effect from "effect/Effect"
import { named } from "../../Credentials.ts"
import { guard } from "../../DryRun.ts"
import * as Output from "../../Output.ts"
import { Profiles } from "../../Profile.ts"

export const run = Effect.fnUntraced(function* ({ name }: { readonly name: string }) {
  const profiles = yield* Profiles
  const stored = yield* profiles.read
  const { url } = yield* named(stored, name)
  yield* profiles.write({ ...stored, current: name }).pipe(guard(`make profile ${name} the current one`))
  yield* Output.note(`profile ${name} is now the current one (${url})`)
})
