import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import * as Import from "../src/Import.ts"
import * as ImportErrors from "../src/ImportErrors.ts"

const running = {
  id: "9f4b1d3e-5b5e-4c10-9c1d-0f3f6c1b7a11",
  user_id: "4c2a0d63-9c0f-4a25-8b0e-1d6b4a3f9d10",
  table_id: null,
  data_type: "file",
  table_name: null,
  state: "importing",
  error_code: null,
  queue_id: "9f4b1d3e-5b5e-4c10-9c1d-0f3f6c1b7a11",
  tables_created_count: null,
  synchronization_id: null,
  type_guessing: true,
  quoted_fields_guessing: true,
  content_guessing: false,
  create_visualization: false,
  visualization_id: null,
  user_defined_limits: '{"twitter_credits_limit":0}',
  get_error_text: null,
  display_name: "barrios.csv",
  original_url: "",
  warnings: null,
  is_raster: false
}
const complete = {
  ...running,
  state: "complete",
  table_id: "5c1d0f2e-7a68-4e0e-9e56-0f1a2b3c4d55",
  table_name: "barrios",
  tables_created_count: 1,
  success: true,
  any_table_raster: false,
  derived_visualization_id: null
}
const failure = {
  ...running,
  state: "failure",
  error_code: 1005,
  success: false,
  get_error_text: {
    title: "Empty file",
    what_about:
      "No processable data was found. If all looks right <a href='mailto:help@example.test'>contact us</a>. &amp; more",
    source: "user"
  }
}

const decode = Schema.decodeUnknownSync(Import.Import)
const ended = (wire: object) => Import.outcome("Imports.wait", decode(wire))
const problem = (wire: object) => {
  const error = Result.getFailure(ended(wire))
  assert.strictEqual(error._tag, "Some")
  const reason = error._tag === "Some" ? error.value.reason : undefined
  if (reason?._tag !== "ImportError") return assert.fail(reason?._tag)
  return reason
}

describe("Import", () => {
  it("decodes every example, and words nobody knows", () => {
    for (const wire of [running, complete, failure]) assert.strictEqual(decode(wire).id, running.id)
    const strange = decode({
      ...running,
      state: "teleporting",
      warnings: { rejected_layers: ["a"], user_max_layers: 4, novelty: [1] },
      service_name: "leaked"
    })
    assert.isFalse(Import.isOver(strange))
    assert.strictEqual(Import.state(strange), "teleporting")
  })

  it("is over in three states", () => {
    assert.deepStrictEqual(
      ["enqueued", "pending", "uploading", "guessing", "geocoding", "complete", "failure", "stuck"].filter((state) =>
        Import.isOver(decode({ ...running, state }))
      ),
      ["complete", "failure", "stuck"]
    )
  })

  it("that is complete made its dataset", () => {
    assert.deepStrictEqual(Result.getOrThrow(ended(complete)), {
      _tag: "Imported",
      import: decode(complete),
      datasets: [{ name: "barrios", table_id: "5c1d0f2e-7a68-4e0e-9e56-0f1a2b3c4d55", visualization_id: undefined }],
      count: 1,
      isCertain: true,
      map_visualization_id: undefined
    })
  })

  it("of several tables knows only the last one by itself", () => {
    const outcome = Result.getOrThrow(ended({ ...complete, tables_created_count: 3 }))
    if (outcome._tag !== "Imported") return assert.fail(outcome._tag)
    assert.deepStrictEqual([outcome.datasets.length, outcome.count, outcome.isCertain], [1, 3, false])
  })

  it("of a query that overwrote has a name without an id", () => {
    const outcome = Result.getOrThrow(
      ended({ ...complete, table_id: null, tables_created_count: 0, data_type: "query" })
    )
    assert.deepStrictEqual(outcome.datasets, [{ name: "barrios", table_id: undefined, visualization_id: undefined }])
  })

  it("with everything skipped is no failure, and made nothing", () => {
    const outcome = Result.getOrThrow(ended({ ...complete, error_code: 1022, table_id: null, table_name: null }))
    assert.deepStrictEqual([outcome._tag, outcome.datasets], ["Skipped", []])
  })

  it("that made only a map is a success", () => {
    const outcome = Result.getOrThrow(
      ended({ ...complete, table_id: null, table_name: null, visualization_id: "0d7e" })
    )
    if (outcome._tag !== "Imported") return assert.fail(outcome._tag)
    assert.deepStrictEqual([outcome.datasets, outcome.map_visualization_id], [[], "0d7e"])
  })

  it("that is complete without a table failed", () => {
    const reason = problem({ ...complete, table_id: null, table_name: null })
    assert.deepStrictEqual(
      [reason.state, reason.code, reason.message, reason.fix],
      ["complete", undefined, "The import is complete, but made nothing", "data"]
    )
    assert.isNotEmpty(reason.advice)
  })

  it("that failed tells the server's words without their HTML, and what to do", () => {
    const { remedy, ...reason } = problem(failure)
    assert.deepStrictEqual(
      [reason.importId, reason.state, reason.code, reason.title, reason.source, reason.fix],
      [running.id, "failure", 1005, "Empty file", "user", "data"]
    )
    assert.strictEqual(
      problem(failure).message,
      "Empty file: No processable data was found. If all looks right contact us. & more (code 1005)"
    )
    assert.strictEqual(problem(failure).advice, "Give at least one row or feature.")
    assert.isFalse(problem(failure).isRetryable)
  })

  it("that failed without words is told by its code, known or not", () => {
    assert.strictEqual(problem({ ...failure, error_code: 1010, get_error_text: null }).title, "Nothing to import")
    const unknown = problem({ ...failure, error_code: 4711, get_error_text: null })
    assert.strictEqual(unknown.message, "Unknown problem (code 4711)")
    assert.match(unknown.advice, /operator/)
    assert.strictEqual(
      problem({ ...failure, error_code: null, get_error_text: "old <b>servers</b>" }).message,
      "The import failed, and the server does not tell why: old servers"
    )
    assert.strictEqual(problem({ ...running, state: "stuck" }).title, "Stuck import job")
  })

  it("of a URL tells what the URL answered", () => {
    assert.strictEqual(
      problem({
        ...failure,
        error_code: 1100,
        get_error_text: null,
        http_response_code: "404",
        http_response_code_message: "Not Found"
      }).message,
      "Download file not found: the URL answered 404 Not Found (code 1100)"
    )
  })

  it("tells in words what was left out", () => {
    assert.deepStrictEqual(Import.warnings(decode(complete)), [])
    assert.deepStrictEqual(
      Import.warnings(
        decode({
          ...complete,
          warnings: {
            rejected_layers: ["rivers", "lakes"],
            user_max_layers: 4,
            max_tables_per_import: 10,
            max_rows_per_connection: 1_000_000,
            novelty: { a: 1 }
          }
        })
      ),
      [
        "not on the map, which may have 4 layers: rivers, lakes",
        "only 10 tables of the archive were read",
        "rows behind the first 1000000 were cut off",
        'novelty: {"a":1}'
      ]
    )
  })
})

describe("ImportErrors", () => {
  it("has title and remedy for each code", () => {
    assert.strictEqual(ImportErrors.all.length, 68)
    assert.deepStrictEqual(
      ImportErrors.all.map(({ code }) => code),
      ImportErrors.all.map(({ code }) => code).sort((a, b) => a - b)
    )
    for (const { code, remedy, title } of ImportErrors.all) {
      assert.isNotEmpty(title)
      assert.match(remedy, /\.$/)
      assert.strictEqual(ImportErrors.describe(code)?.title, title)
    }
    assert.isUndefined(ImportErrors.describe(4711))
  })

  it("says that another attempt helps only where it does", () => {
    assert.deepStrictEqual(
      ImportErrors.all.filter(({ fix }) => fix === "repeat").map(({ code }) => code),
      [1000, 1009, 1012, 1020, 1103, 6667, 6669, 6671, 9999]
    )
  })
})
