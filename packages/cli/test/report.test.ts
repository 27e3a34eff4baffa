import { assert, describe, it } from "@effect/vitest"
import { Account, CartoError, type CartoErrorReason } from "@effect-carto/core"
import {
  AuthError,
  NotFoundError,
  ProtocolError,
  RateLimitError,
  ServerError,
  SqlError,
  TransportError,
  ValidationError
} from "@effect-carto/core/CartoError"
import { Cause, Duration, Exit, Result } from "effect"
import { ClosedPipe } from "../src/ClosedPipe.ts"
import { usage } from "../src/CommandError.ts"
import { exitCode } from "../src/exitCode.ts"
import { lines } from "../src/report.ts"

const of = (reason: CartoErrorReason, operation = "Sql.query") => {
  const cause = Cause.fail(new CartoError({ operation, reason }))
  return { lines: lines(cause), code: exitCode(Exit.failCause(cause)) }
}

describe("the report of a failure", () => {
  const table: ReadonlyArray<readonly [reason: CartoErrorReason, code: number, lines: ReadonlyArray<string>]> = [
    [
      new SqlError({ message: "no such column", status: 400, detail: "It is gone.", hint: "Perhaps you meant b." }),
      1,
      ["error: The statement failed: no such column", "detail: It is gone.", "hint: Perhaps you meant b."]
    ],
    [
      new AuthError({ message: "Unauthorized", status: 401 }),
      4,
      ["error: Access denied: Unauthorized", "hint: Check that the key belongs to this account and user."]
    ],
    [
      new RateLimitError({ message: "over the limits", status: 429, retryAfter: Duration.seconds(3) }),
      1,
      ["error: Too many requests: over the limits", "hint: Repeat it in 3s, or allow more retries."]
    ],
    [
      new ServerError({ message: "bad gateway", status: 502 }),
      1,
      [
        "error: The server failed (502): bad gateway",
        "hint: Repeat it later; if it stays, tell the operator of the server."
      ]
    ],
    [
      new TransportError({ message: "cannot reach ada.carto.com", mayHaveArrived: false }),
      1,
      [
        "error: The server was not reached: cannot reach ada.carto.com",
        "hint: Check the address, the network and the proxy."
      ]
    ],
    [
      new ProtocolError({ message: "HTML", status: 200, body: "<html>" }),
      1,
      [
        "error: The answer is not CARTO's (status 200): HTML",
        "hint: Check that the address is a CARTO server's and that no proxy answers in its place."
      ]
    ],
    [
      new ValidationError({ message: "the interval is shorter than 15 minutes", advice: "Give 15 minutes or more." }),
      2,
      ["error: The interval is shorter than 15 minutes", "hint: Give 15 minutes or more."]
    ],
    [
      new ValidationError({ message: "bad q", status: 400, advice: "Correct it." }),
      1,
      ["error: The request is not valid: bad q", "hint: Correct it."]
    ]
  ]
  for (const [reason, code, expected] of table) {
    it(`tells ${reason._tag} (${reason.message}) with advice, and ends with ${code}`, () => {
      assert.deepStrictEqual(of(reason), { lines: expected, code })
    })
  }

  it("tells data that is wrong from a wrong statement", () => {
    const advice = (message: string) => of(new SqlError({ message, status: 400 })).lines[1]
    assert.strictEqual(advice('missing data for column "v"'), "hint: Correct the data.")
    assert.strictEqual(advice('invalid input syntax for type integer: "bad"'), "hint: Correct the data.")
    assert.strictEqual(advice('relation "v" does not exist'), "hint: Correct the statement.")
  })

  it("of a broken read does not send anybody to look after the server", () => {
    const reason = new TransportError({ message: "connection lost", mayHaveArrived: true })
    const reads = ["Sql.stream", "SqlCopy.toStatement", "Datasets.list", "Imports.get", "api.read", "doctor"]
    for (const operation of reads) {
      assert.strictEqual(
        of(reason, operation).lines[1],
        "hint: Check the network and run it again; nothing was changed."
      )
    }
    for (const operation of ["Sql.query", "SqlCopy.fromStatement", "Imports.run", "LongQuery.stream", "api.change"]) {
      assert.strictEqual(
        of(reason, operation).lines[1],
        "hint: Check what the server has done before you repeat a change."
      )
    }
  })

  it("of a file that cannot be read is no wrong usage", () => {
    const reason = new ValidationError({ message: 'cannot read "x"', advice: "Check the path." })
    assert.deepStrictEqual(of(reason, "NodeFile.read"), {
      lines: ['error: Cannot read "x"', "hint: Check the path."],
      code: 1
    })
  })

  it("of an address that names no account is wrong usage: nothing was changed", () => {
    const refused = Result.match(Account.parse("not an address"), {
      onFailure: Cause.fail,
      onSuccess: () => Cause.empty
    })
    assert.strictEqual(exitCode(Exit.failCause(refused)), 2)
  })

  it("does not say the same twice", () => {
    const reason = new NotFoundError({ message: "not found", status: 404 })
    assert.strictEqual(of(reason).lines[0], "error: Not found.")
  })

  it("keeps names and addresses as they are", () => {
    const reason = new ValidationError({ message: "http://x does not say which user", advice: "a" })
    assert.strictEqual(of(reason).lines[0], "error: http://x does not say which user")
  })

  it("of a fault of the program asks to report it", () => {
    const cause = Cause.die(new Error("boom"))
    assert.strictEqual(lines(cause)[0], "error: The command broke: boom")
    assert.strictEqual(exitCode(Exit.failCause(cause)), 1)
  })

  it("is silent where nothing failed", () => {
    assert.deepStrictEqual(lines(Cause.fail(new ClosedPipe())), [])
    const code = (cause: Cause.Cause<unknown>) => exitCode(Exit.failCause(cause))
    assert.deepStrictEqual(
      [code(Cause.fail(new ClosedPipe())), code(Cause.interrupt()), code(Cause.fail(usage("x")))],
      [0, 130, 2]
    )
    assert.strictEqual(exitCode(Exit.void), 0)
  })
})
