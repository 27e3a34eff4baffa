/** The services of this process; what starts other programs, or reads the terminal, is there when it is asked for. */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as NodeStdio from "@effect/platform-node/NodeStdio"
import * as NodeTerminal from "@effect/platform-node/NodeTerminal"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import type * as Path from "effect/Path"
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as Scope from "effect/Scope"
import * as Terminal from "effect/Terminal"

const spawner = Layer.effect(
  ChildProcessSpawner.ChildProcessSpawner,
  Effect.map(Effect.context<FileSystem.FileSystem | Path.Path>(), (context) =>
    ChildProcessSpawner.make((command) =>
      Effect.promise(() => import("@effect/platform-node/NodeChildProcessSpawner")).pipe(
        Effect.flatMap(({ layer }) =>
          Effect.provide(
            Effect.flatMap(ChildProcessSpawner.ChildProcessSpawner, ({ spawn }) => spawn(command)),
            layer
          )
        ),
        Effect.provideContext(context)
      )
    )
  )
)

/** Looking at standard input makes Node open it, which most commands never need. */
const terminal = Layer.effect(
  Terminal.Terminal,
  Effect.gen(function* () {
    const scope = yield* Effect.scope
    const opened = yield* Effect.cached(Scope.provide(NodeTerminal.make(), scope))
    return Terminal.make({
      columns: Effect.flatMap(opened, ({ columns }) => columns),
      rows: Effect.flatMap(opened, ({ rows }) => rows),
      size: Effect.flatMap(opened, ({ size }) => size),
      readInput: Effect.flatMap(opened, ({ readInput }) => readInput),
      readLine: Effect.flatMap(opened, ({ readLine }) => readLine),
      display: (text) => Effect.flatMap(opened, ({ display }) => display(text))
    })
  })
)

export const layer = Layer.provideMerge(
  spawner,
  Layer.mergeAll(NodeFileSystem.layer, NodePath.layer, NodeStdio.layer, terminal)
)
