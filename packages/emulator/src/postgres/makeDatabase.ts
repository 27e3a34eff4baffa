/** The parts of the `Database` contract that follow from being able to run SQL. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Database, DatabaseError, Message, RunOptions } from "../Database.ts"

type Run = Database["Service"]["run"]

/** Completes a `Database`; asks for its name and its types once. */
export const makeDatabase = Effect.fnUntraced(function* (
  runRaw: Run
): Effect.fn.Return<Database["Service"], DatabaseError> {
  const types = new Map<number, string>()
  const readTypes = Effect.map(collect(runRaw("select oid, typname from pg_catalog.pg_type")), (rows) => {
    for (const { oid, typname } of rows) if (typname) types.set(Number(oid), typname)
  })

  // A result's types are asked for while its statement still holds the only session: they must be known before.
  const run: Run = (sql, options) => {
    let changed = false
    return runRaw(sql, options).pipe(
      Stream.mapArray((messages) => {
        changed ||= messages.some((message) => message._tag === "CommandComplete" && makesTypes.test(message.tag))
        return messages
      }),
      Stream.concat(Stream.suspend(() => (changed ? Stream.fromEffectDrain(readTypes) : Stream.empty)))
    )
  }
  const rows = (sql: string, options?: RunOptions) => collect(run(sql, options))

  yield* readTypes
  const [database] = yield* rows("select current_database() as name")
  return {
    run,
    rows,
    typeName: (oid) => Effect.sync(() => types.get(oid)),
    name: database?.name ?? ""
  }
})

const makesTypes = /^(CREATE|ALTER|DO|CALL|IMPORT|SELECT INTO)/

const collect = (messages: Stream.Stream<Message, DatabaseError>) =>
  Stream.runFold(
    messages,
    () => ({ names: emptyNames, rows: emptyRows() }),
    (state, message) => {
      if (message._tag === "RowDescription") return { ...state, names: message.fields.map((field) => field.name) }
      if (message._tag === "DataRow") {
        state.rows.push(Object.fromEntries(state.names.map((name, index) => [name, message.cells[index] ?? null])))
      }
      return state
    }
  ).pipe(Effect.map((state) => state.rows))

const emptyNames: ReadonlyArray<string> = []
const emptyRows = (): Array<Readonly<Record<string, string | null>>> => []
