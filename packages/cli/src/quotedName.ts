/** Names of tables as people write them, for SQL. */
import * as Literal from "@effect-carto/core/Literal"
import * as Effect from "effect/Effect"
import { type CommandError, usage } from "./CommandError.ts"

const parts = /^(?:("(?:[^"]|"")+"|[^".]+)\.)?("(?:[^"]|"")+"|[^".]+)$/

/** `name`, `schema.name`, or `"a name.with dots"`, letter by letter. */
export const quotedName = (text: string): Effect.Effect<string, CommandError> => {
  const [, schema, name] = parts.exec(text) ?? []
  return name === undefined || text.includes("\0")
    ? Effect.fail(
        usage(
          `${JSON.stringify(text.slice(0, 80))} is not the name of a table.`,
          'Write name, schema.name, or "a name with dots" in double quotes.'
        )
      )
    : Effect.succeed([...(schema === undefined ? [] : [schema]), name].map(quoted).join("."))
}

const quoted = (part: string): string => (part.startsWith('"') ? part : Literal.identifier(part))
