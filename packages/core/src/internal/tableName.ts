/** Names of tables as people and servers write them: `cities`, `alice.cities`, `"alice".cities`, `"My.Table"`. */
import * as Effect from "effect/Effect"
import type { CartoError } from "../CartoError.ts"
import * as Literal from "../Literal.ts"
import { refuse } from "./refuse.ts"

export interface TableName {
  readonly schema: string | undefined
  readonly name: string
  /** Safe in SQL. */
  readonly quoted: string
}

/** Quoted parts may hold dots; what is not quoted is taken as it is written, capitals too. */
const parts = /^(?:(?:"((?:[^"]|"")+)"|([^".]+))\.)?(?:"((?:[^"]|"")+)"|([^".]+))$/su

/** PostgreSQL cuts longer names, so that they would mean another table. */
const mostBytes = 63
const isName = (part: string): boolean =>
  !part.includes("\0") && part.isWellFormed() && new TextEncoder().encode(part).length <= mostBytes

const unquote = (quoted: string | undefined): string | undefined => quoted?.replaceAll('""', '"')

/** None where the text is no name of a table. */
export const parse = (text: string): TableName | undefined => {
  const match = parts.exec(text)
  const schema = unquote(match?.[1]) ?? match?.[2]
  const name = unquote(match?.[3]) ?? match?.[4]
  const written = [...(schema === undefined ? [] : [schema]), ...(name === undefined ? [] : [name])]
  return name === undefined || written.some((part) => !isName(part))
    ? undefined
    : { schema, name, quoted: written.map(Literal.identifier).join(".") }
}

export const tableName = (operation: string, text: string): Effect.Effect<TableName, CartoError> =>
  Effect.suspend(() => {
    const found = parse(text)
    return found === undefined
      ? Effect.fail(
          refuse(
            operation,
            `${JSON.stringify(text.slice(0, 80))} is not the name of a table`,
            'Write name, schema.name, or "a name with dots" in double quotes, of at most 63 bytes each.'
          )
        )
      : Effect.succeed(found)
  })
