import { assert, describe, it } from "@effect/vitest"
import { Duration } from "effect"
import { toReason } from "../../src/internal/toReason.ts"

interface Case {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  readonly tag: string
  readonly message: string | RegExp
}

const html404 =
  '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n<body>\n<pre>Cannot PUT /api/v2/sql/job/x</pre>\n</body>\n</html>\n'

const cases: Readonly<Record<string, Case>> = {
  // The numbers are the shapes of the platform reference, §4.
  "E1 blank": { status: 401, body: " ", tag: "AuthError", message: "the key was refused" },
  "E1 missing": { status: 404, body: "", tag: "NotFoundError", message: "not found" },
  "E2 text": { status: 403, body: '{"errors":"no"}', tag: "AuthError", message: "no" },
  "E3 with cause": {
    status: 404,
    body: '{"errors":"API key not found: x","errors_cause":null}',
    tag: "NotFoundError",
    message: "API key not found: x"
  },
  "E3 quota": {
    status: 403,
    body: '{"errors":"You have reached the limit of API keys for your plan","errors_cause":null}',
    tag: "QuotaError",
    message: /API keys/
  },
  "E4 password": {
    status: 403,
    body: '{"errors":"Visualization not viewable","errors_cause":"privacy_password","visualization":{"privacy":"password"}}',
    tag: "AuthError",
    message: "Visualization not viewable"
  },
  "E5 list": { status: 400, body: '{"errors":["one","two"]}', tag: "ValidationError", message: "one; two" },
  "E9 message beside no fields": {
    status: 403,
    body: '{"message":"Error updating your account details","errors":{}}',
    tag: "AuthError",
    message: "Error updating your account details"
  },
  "E6 null": { status: 400, body: '{"errors":null}', tag: "ValidationError", message: "bad request" },
  "E7 imports": {
    status: 429,
    body: '{"errors":{"imports":"slots full"}}',
    tag: "ConcurrencyError",
    message: "slots full"
  },
  "E8 callback": {
    status: 400,
    body: '{"errors":{"callback":"Invalid callback format"}}',
    tag: "ValidationError",
    message: "callback: Invalid callback format"
  },
  "E9 fields": {
    status: 422,
    body: '{"errors":{"email":["is taken","is long"]},"message":"no"}',
    tag: "ValidationError",
    message: "email: is taken; is long"
  },
  "E10 text": { status: 500, body: '{"error":"boom"}', tag: "ServerError", message: "boom" },
  "E11 description": {
    status: 400,
    body: '{"description":["bad name"],"stack":["x"]}',
    tag: "ValidationError",
    message: "bad name"
  },
  "E12 array": {
    status: 410,
    body: '["email is not present"]',
    tag: "ValidationError",
    message: "email is not present"
  },
  "E13 bare text": { status: 404, body: "User not found", tag: "NotFoundError", message: "User not found" },
  "E14 empty object": { status: 401, body: "{}", tag: "AuthError", message: "the key was refused" },
  "E15 text": { status: 403, body: '{"text":"not yours"}', tag: "AuthError", message: "not yours" },
  "E16 error_message": { status: 500, body: '{"error_message":"sorry"}', tag: "ServerError", message: "sorry" },
  "E17 no route": {
    status: 404,
    body: '{"status":"404","error":"Not Found"}',
    tag: "NotFoundError",
    message: "Not Found"
  },
  "E18 SQL": {
    status: 400,
    body: '{"error":["column \\"nme\\" does not exist"],"hint":"Perhaps you meant to reference the column \\"t.name\\"."}',
    tag: "SqlError",
    message: 'column "nme" does not exist'
  },
  "E19 page": { status: 404, body: html404, tag: "NotFoundError", message: "Cannot PUT /api/v2/sql/job/x" },
  "E19 proxy": {
    status: 502,
    body: "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>",
    tag: "ServerError",
    message: "502 Bad Gateway"
  },
  "E19 page with 400": {
    status: 400,
    body: "<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>",
    tag: "ProtocolError",
    message: /plain HTTP/
  },
  "E19 page with 403": {
    status: 403,
    body: "<html><title>Blocked</title></html>",
    tag: "ProtocolError",
    message: "Blocked"
  },
  "SQL error that is cut": {
    status: 400,
    body: '{"error":["invalid input syntax for type integer: \\"xx\\u00',
    tag: "SqlError",
    message: 'invalid input syntax for type integer: "xx…'
  },
  "cut JSON": { status: 400, body: '{"errors":["column', tag: "ValidationError", message: '{"errors":["column' },
  "permission denied": {
    status: 403,
    body: '{"error":["permission denied for table t"]}',
    tag: "AuthError",
    message: "permission denied for table t"
  },
  "rate limit": {
    status: 429,
    body: '{"error":["You are over platform\'s limits. Please contact us to know more details"],"context":"limit","detail":"rate-limit"}',
    headers: { "retry-after": "4" },
    tag: "RateLimitError",
    message: /over platform's limits/
  },
  "rate limit without any header": { status: 429, body: "", tag: "RateLimitError", message: "too many requests" },
  "statement timeout": {
    status: 429,
    body: '{"error":["You are over platform\'s limits: SQL query timeout error. Refactor your query before running again or contact CARTO support for more details."],"context":"limit","detail":"datasource"}',
    tag: "StatementTimeoutError",
    message: /SQL query timeout error/
  },
  "missing job": {
    status: 400,
    body: '{"error":["Job with id x not found"]}',
    tag: "NotFoundError",
    message: /not found/
  },
  "full queue": {
    status: 400,
    body: '{"error":["Failed to create job. Max number of jobs (64) queued reached"]}',
    tag: "ConcurrencyError",
    message: /64/
  },
  "storage quota": {
    status: 400,
    body: '{"error":["DB Quota exceeded"]}',
    tag: "QuotaError",
    message: "DB Quota exceeded"
  },
  "no statement": {
    status: 400,
    body: '{"error":["You must indicate a sql query"]}',
    tag: "ValidationError",
    message: "You must indicate a sql query"
  },
  "long address": { status: 431, body: "", tag: "ValidationError", message: /too long/ },
  "large upload": { status: 413, body: "<html><title>413</title></html>", tag: "QuotaError", message: "413" },
  "a map's problem with its layer": {
    status: 400,
    body: '{"errors":["bad ramp"],"errors_with_context":[{"type":"layer","subtype":"turbo-carto","message":"bad ramp","layer":{"id":"pts","index":2,"type":"cartodb","context":{"selector":"#layer","source":{"start":{"line":3,"column":5},"end":{"line":3,"column":9}}}}}]}',
    tag: "MapError",
    message: 'layer "pts" (2), line 3, column 5: bad ramp'
  },
  "a map's problem with a layer that has no id": {
    status: 400,
    body: '{"errors":["no aggregation"],"errors_with_context":[{"type":"layer","subtype":"aggregation","message":"no aggregation","layer":{"index":"0","type":"cartodb"}}]}',
    tag: "MapError",
    message: "layer 0: no aggregation"
  },
  "a map's problem with an analysis": {
    status: 404,
    body: '{"errors":["relation \\"nope\\" does not exist"],"errors_with_context":[{"type":"analysis","message":"relation \\"nope\\" does not exist","analysis":{"id":"a0","node_id":"a0","type":"source"}}]}',
    tag: "MapError",
    message: 'analysis "a0": relation "nope" does not exist'
  },
  "several problems of a map": {
    status: 400,
    body: '{"errors":["a","b"],"errors_with_context":[{"type":"unknown","message":"a"},{"type":"layer","message":"b","layer":{"index":1}}]}',
    tag: "MapError",
    message: "a; layer 1: b"
  },
  "an expired map of a server of old": {
    status: 400,
    body: '{"errors":["Invalid or nonexistent map configuration token \'abc\'"]}',
    tag: "MapError",
    message: /token 'abc'/
  },
  "a missing template": {
    status: 404,
    body: '{"errors":["Template \'a\' of user \'ana\' not found"],"errors_with_context":[{"type":"unknown","message":"Template \'a\' of user \'ana\' not found"}]}',
    tag: "NotFoundError",
    message: /not found/
  },
  "the limit of templates": {
    status: 409,
    body: '{"errors":["User \'u\' reached limit on number of templates (1024/1024)"],"errors_with_context":[{"type":"unknown","message":"User \'u\' reached limit on number of templates (1024/1024)"}]}',
    tag: "QuotaError",
    message: /1024/
  },
  "a wrong template token": {
    status: 403,
    body: '{"errors":["Unauthorized template instantiation"],"errors_with_context":[{"type":"unknown","message":"Unauthorized template instantiation"}]}',
    tag: "AuthError",
    message: "Unauthorized template instantiation"
  },
  "a map's rate limit": {
    status: 429,
    headers: { "retry-after": "2" },
    body: '{"errors":["too many requests"],"errors_with_context":[{"type":"limit","subtype":"rate-limit","message":"too many requests"}]}',
    tag: "RateLimitError",
    message: "too many requests"
  },
  "a map's statement timeout": {
    status: 429,
    body: '{"errors":["SQL query timeout error"],"errors_with_context":[{"type":"limit","subtype":"datasource","message":"SQL query timeout error"}]}',
    tag: "StatementTimeoutError",
    message: "SQL query timeout error"
  },
  "a map's render timeout": {
    status: 429,
    body: '{"errors":["Render timeout error"],"errors_with_context":[{"type":"limit","subtype":"render","message":"Render timeout error"}]}',
    tag: "MapError",
    message: "Render timeout error"
  },
  "a vector tile that says the rate limit in pictures": {
    status: 429,
    headers: { "retry-after": "2", "content-type": "application/x-protobuf" },
    body: "\u001a0\n\u0014errorTileSquareLayer",
    tag: "RateLimitError",
    message: "too many requests"
  },
  "a vector tile that says a timeout in pictures": {
    status: 429,
    headers: { "content-type": "application/x-protobuf" },
    body: "\u001a0\n\u0014errorTileSquareLayer",
    tag: "MapError",
    message: "the server gave up making the tile"
  },
  "unknown user": {
    status: 404,
    body: '{"error":["Sorry, we can\'t find CARTO user \'nobody\'. Please check that you have entered the correct domain."]}',
    tag: "NotFoundError",
    message: /nobody/
  }
}

describe("toReason", () => {
  for (const [name, { status, body, headers, tag, message }] of Object.entries(cases)) {
    it(`reads ${name}`, () => {
      const reason = toReason({ status, body, headers: headers ?? {} }, 0)
      assert.strictEqual(reason._tag, tag)
      assert.strictEqual(reason.status, status)
      if (typeof message === "string") assert.strictEqual(reason.message, message)
      else assert.match(reason.message, message)
      assert.isNotEmpty(reason.advice)
    })
  }

  it("keeps PostgreSQL's detail and hint", () => {
    const reason = toReason({ status: 400, headers: {}, body: '{"error":["e"],"detail":"d","hint":"h"}' }, 0)
    assert.deepInclude({ ...reason }, { detail: "d", hint: "h" })
    assert.strictEqual(reason.advice, "h")
  })

  it("knows an expired map by its words alone", () => {
    const said = (message: string) =>
      toReason(
        {
          status: 400,
          headers: {},
          body: JSON.stringify({ errors: [message], errors_with_context: [{ type: "unknown", message }] })
        },
        0
      )
    const expired = said("Invalid or nonexistent map configuration token 'abc'")
    const other = said("Invalid layer filtering")
    assert.isTrue(expired._tag === "MapError" && expired.isExpired)
    assert.isTrue(other._tag === "MapError" && !other.isExpired)
    assert.notStrictEqual(expired.advice, other.advice)
  })

  it("does not repeat what a server cannot do at all", () => {
    const reason = (status: number) => toReason({ status, headers: {}, body: "" }, 0)
    assert.isFalse(reason(501).isRetryable)
    assert.isTrue(reason(503).isRetryable)
    assert.notStrictEqual(reason(501).advice, reason(503).advice)
  })

  it("reads the four numbers of the rate limiter, and ignores negative ones of older servers", () => {
    const reason = toReason(
      {
        status: 429,
        headers: {
          "retry-after": "4",
          "carto-rate-limit-limit": "3",
          "carto-rate-limit-remaining": "0",
          "carto-rate-limit-reset": "-1"
        },
        body: ""
      },
      0
    )
    assert.strictEqual(reason._tag, "RateLimitError")
    if (reason._tag === "RateLimitError") {
      assert.strictEqual(reason.limit, 3)
      assert.strictEqual(reason.remaining, 0)
      assert.isUndefined(reason.reset)
      assert.strictEqual(Duration.toMillis(reason.retryAfter ?? 0), 4000)
    }
  })

  it("reads a Retry-After that is a date", () => {
    const now = Date.parse("2026-11-22T14:00:00Z")
    const headers = { "retry-after": "Sun, 22 Nov 2026 14:00:30 GMT" }
    const reason = toReason({ status: 503, headers, body: "" }, now)
    assert.strictEqual(reason._tag === "ServerError" && Duration.toMillis(reason.retryAfter ?? 0), 30_000)
  })

  it("lets no escape sequence of a server through", () => {
    const reason = toReason({ status: 400, headers: {}, body: JSON.stringify({ error: ["a\u001b[31mb\u0007\nc"] }) }, 0)
    assert.strictEqual(reason.message, "a[31mb c")
  })
})
