/** What may be shown of a request: whatever opens something is told by its name, and hidden. */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"

const secret =
  /pass(?:word|wd|phrase)|^pwd$|secret|token|(?:api|map|private|access)_?key|credential|signature|^x-(?:amz|goog)-/i

/** Whether a parameter or a member of this name opens something. */
export const isSecret = (name: string): boolean => secret.test(name)

const decodeJson = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Json))

/** A body as it is sent, but for its secrets; without any it is the very text. */
export const body = (text: string): string =>
  Option.match(decodeJson(text), {
    onNone: () => text,
    onSome: (value) => {
      const shown = replaced(value, hidden)
      return JSON.stringify(shown) === JSON.stringify(value) ? text : JSON.stringify(shown)
    }
  })

/** Switches such as `force_password_change` are no secrets. */
const hidden: Replace = (name, member) =>
  isSecret(name) && member !== null && !Predicate.isBoolean(member) ? "<redacted>" : undefined

/** What stands in the place of a member; undefined leaves it, and looks into it. */
type Replace = (name: string, member: unknown) => unknown

/** JSON with some of its members replaced, wherever they are. */
export const replaced = (value: unknown, replace: Replace): unknown => {
  if (Array.isArray(value)) return value.map((item) => replaced(item, replace))
  if (!Predicate.isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]: readonly [string, unknown]) => [
      name,
      replace(name, member) ?? replaced(member, replace)
    ])
  )
}
