import { assert, it } from "@effect/vitest"
import { pieces } from "../scripts/bundle.ts"

const lazy =
  /undici|jq-wasm|keyring|packages.(emulator|node).|maplibre|\.run\.ts$|effect.dist.(http.HttpClient|sql|persistence)|core.src.(Carto|CartoClient|Sql|Datasets)\.ts$/

it("the piece for every start holds the commands' flags, and nothing that only their work needs", async () => {
  const modules = [...((await pieces()).get("start") ?? [])]
  assert.isAbove(modules.filter((module) => /commands.sql.query\.ts$/.test(module)).length, 0)
  assert.deepStrictEqual(
    modules.filter((module) => lazy.test(module)),
    []
  )
}, 60_000)
