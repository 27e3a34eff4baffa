/** The members of a change that were given; null is one of the values. */
import type * as Schema from "effect/Schema"

export const given = <K extends string>(
  changes: { readonly [P in K]?: Schema.Json | undefined },
  names: ReadonlyArray<K>
): Readonly<Record<string, Schema.Json>> =>
  Object.fromEntries(
    names.flatMap((name): ReadonlyArray<readonly [string, Schema.Json]> => {
      const value = changes[name]
      return value === undefined ? [] : [[name, value]]
    })
  )
