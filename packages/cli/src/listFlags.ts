/** How lists of datasets and of maps are narrowed and ordered. */
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"

export const listFlags = {
  search: Flag.String("search").pipe(
    Flag.withMetavar("TEXT"),
    Flag.withDescription("Only those with this in their name, description or tags, the best match first"),
    Flag.optional
  ),
  tags: Flag.String("tags").pipe(
    Flag.map((text): ReadonlyArray<string> => text.split(",").map((tag) => tag.trim())),
    Flag.withMetavar("A,B"),
    Flag.withDescription("Only those with any of these tags"),
    Flag.optional
  ),
  shared: Flag.Literals("shared", ["no", "yes", "only"]).pipe(
    Flag.withDescription("Those that others share with you: without them, with them, or only them; default: without"),
    Flag.optional
  ),
  descending: Flag.Boolean("descending").pipe(
    Flag.withDescription("The last first; default: the first first, but the newest and the largest first"),
    Flag.optional
  )
} as const

export interface ListFlags {
  readonly search: Option.Option<string>
  readonly tags: Option.Option<ReadonlyArray<string>>
  readonly shared: Option.Option<"yes" | "no" | "only">
  readonly descending: Option.Option<boolean>
}

/** What `listFlags` say, for an order that people read from its small end, or from its large one. */
export const listOptions = (flags: ListFlags, orderBy: string | undefined) => {
  const isAlphabetic = orderBy === "name" || orderBy === "privacy"
  return {
    search: Option.getOrUndefined(flags.search),
    tags: Option.getOrUndefined(flags.tags),
    shared: Option.getOrElse(flags.shared, () => "no" as const),
    direction: Option.getOrElse(flags.descending, () => !isAlphabetic) ? ("desc" as const) : ("asc" as const)
  }
}
