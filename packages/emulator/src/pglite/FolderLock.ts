/** Keeps a second process out of a data folder: PGlite itself would open it and lose the rows of both. */
import { execFile } from "node:child_process"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { DatabaseError } from "../Database.ts"

/** A process id is used again some day; together with the start of its process it is not. */
const Owner = Schema.Struct({ pid: Schema.Int, started: Schema.String })
type Owner = typeof Owner.Type
const OwnerJson = Schema.fromJsonString(Owner)

/** Holds the lock until the scope ends; takes over one whose process is gone. */
export const acquire = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const lock = join(folder, "lock")
  const self: Owner = { pid: process.pid, started: Option.getOrElse(yield* startOf(process.pid), () => "") }
  const text = yield* Schema.encodeEffect(OwnerJson)(self)
  const candidate = yield* fs.makeTempFileScoped({ directory: folder, prefix: "lock-" })
  yield* fs.writeFileString(candidate, text)

  // A hard link is made whole or not at all, so a lock file always names its owner.
  const take = fs.link(candidate, lock)
  const takeOver = Effect.gen(function* () {
    const found = yield* fs.readFileString(lock)
    const owner = yield* Schema.decodeEffect(OwnerJson)(found)
    if (yield* isAlive(owner)) return yield* inUse(folder, owner)
    const aside = `${candidate}.stale`
    yield* fs.rename(lock, aside)
    // Another process may have taken over first: then it is its lock that was moved.
    const moved = yield* fs.readFileString(aside)
    if (moved !== found) {
      yield* fs.link(aside, lock)
      return yield* inUse(folder, yield* Schema.decodeEffect(OwnerJson)(moved))
    }
    yield* fs.remove(aside)
    yield* take
  })
  yield* Effect.acquireRelease(
    Effect.catchReason(take, "PlatformError", "AlreadyExists", () => takeOver),
    () => Effect.ignore(fs.remove(lock))
  )
})

/** Whether a folder was locked by a process that ended without unlocking it. */
export const isAbandoned = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const owner = yield* fs.readFileString(join(folder, "lock")).pipe(Effect.flatMap(Schema.decodeEffect(OwnerJson)))
  return !(yield* isAlive(owner))
})

const inUse = (folder: string, owner: Owner) =>
  new DatabaseError({ code: objectInUse, message: `${folder} is in use by process ${owner.pid}` })

const objectInUse = "55006"

const isAlive = (owner: Owner) => Effect.map(startOf(owner.pid), (started) => Option.contains(started, owner.started))

/** When a process started, as its system tells, or an empty text where it does not; `None` without such a process. */
const startOf = (pid: number) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    if (!(yield* exists(pid))) return Option.none<string>()
    const stat = yield* Effect.option(fs.readFileString(`/proc/${pid}/stat`))
    // The second field is the program's name in parentheses and may hold anything; the start is the 22nd.
    const started = Option.map(stat, (line) => line.slice(line.lastIndexOf(")") + 2).split(" ")[19] ?? "")
    return Option.some(Option.isSome(started) ? started.value : yield* startByPs(pid))
  })

const exists = (pid: number): Effect.Effect<boolean> =>
  Effect.try(() => process.kill(pid, 0)).pipe(
    // Not allowed to signal it is alive all the same.
    Effect.match({
      onFailure: ({ cause }) => Predicate.hasProperty(cause, "code") && cause.code === "EPERM",
      onSuccess: () => true
    })
  )

const startByPs = (pid: number): Effect.Effect<string> =>
  Effect.callback((resume) => {
    const options = { env: { LC_ALL: "C", TZ: "UTC" } }
    const child = execFile("/bin/ps", ["-o", "lstart=", "-p", String(pid)], options, (error, stdout) =>
      resume(Effect.succeed(error ? "" : stdout.trim()))
    )
    return Effect.sync(() => child.kill())
  })
