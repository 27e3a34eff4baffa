/** The flags that change what describes a dataset or a map. */
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type CommandError, usage } from "./CommandError.ts"

const text = (name: string, description: string) =>
  Flag.String(name).pipe(Flag.withMetavar("TEXT"), Flag.withDescription(description), Flag.optional)

export const changeFlags = {
  name: Flag.String("name").pipe(
    Flag.filter(
      (name) => name !== "",
      () => "a name"
    ),
    Flag.withMetavar("NAME"),
    Flag.withDescription("Another name"),
    Flag.optional
  ),
  displayName: text("display-name", "The name that people see in its place"),
  description: text("description", "May be Markdown"),
  tags: Flag.String("tags").pipe(
    Flag.map(
      (list): ReadonlyArray<string> =>
        list
          .split(",")
          .map((tag) => tag.trim())
          .filter((tag) => tag !== "")
    ),
    Flag.withMetavar("A,B"),
    Flag.withDescription("In place of the tags that there are"),
    Flag.optional
  ),
  title: text("title", "For the catalogue"),
  license: text("license", "For the catalogue"),
  attributions: text("attributions", "Who to name for it"),
  source: text("source", "Where it comes from"),
  locked: Flag.Boolean("locked").pipe(
    Flag.withDescription("Lock it against changes in the dashboard; --no-locked opens it"),
    Flag.optional
  )
} as const

export interface ChangeFlags {
  readonly name: Option.Option<string>
  readonly displayName: Option.Option<string>
  readonly description: Option.Option<string>
  readonly tags: Option.Option<ReadonlyArray<string>>
  readonly title: Option.Option<string>
  readonly license: Option.Option<string>
  readonly attributions: Option.Option<string>
  readonly source: Option.Option<string>
  readonly locked: Option.Option<boolean>
}

/** Only what was given. */
export const changes = (flags: ChangeFlags) => ({
  name: Option.getOrUndefined(flags.name),
  display_name: cleared(flags.displayName),
  description: cleared(flags.description),
  tags: Option.getOrUndefined(flags.tags),
  title: cleared(flags.title),
  license: cleared(flags.license),
  attributions: cleared(flags.attributions),
  source: cleared(flags.source),
  locked: Option.getOrUndefined(flags.locked)
})

/** The server clears a text by null, a shell has none. */
const cleared = (text: Option.Option<string>): string | null | undefined =>
  Option.getOrUndefined(Option.map(text, (value) => (value === "" ? null : value)))

/** A call without any change is a mistake, not a success. */
export const some = <Changes extends object>(changes: Changes): Effect.Effect<Changes, CommandError> =>
  Object.values(changes).every((value) => value === undefined)
    ? Effect.fail(usage("There is nothing to change.", "Give what is to be another with flags such as --description."))
    : Effect.succeed(changes)
