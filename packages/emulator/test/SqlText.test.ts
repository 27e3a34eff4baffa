import { assert, describe, it } from "@effect/vitest"
import * as SqlText from "../src/SqlText.ts"

describe("SqlText", () => {
  it.each<[string, ReadonlyArray<string>]>([
    ["select 1; select 2;", ["select 1", "select 2"]],
    [
      "select ';', \"a;b\", $$;$$, $x$ $$;$$ $x$, E'\\';'; select 2",
      ["select ';', \"a;b\", $$;$$, $x$ $$;$$ $x$, E'\\';'", "select 2"]
    ],
    ["select 'it''s;' -- one; two\n; /* ; /* ; */ ; */ select 2", ["select 'it''s;' -- one; two", "select 2"]],
    [" ; ;-- nothing\n", []],
    ["select 1 -- hidden\r; drop table t", ["select 1 -- hidden", "drop table t"]],
    ["select U&'\\'; select N'a;b' || x'0;'", ["select U&'\\'", "select N'a;b' || x'0;'"]],
    ["select a$b$c, 1 $b$", ["select a$b$c, 1 $b$"]],
    ["select 'never ends; select 2", ["select 'never ends", "select 2"]]
  ])("statements of %j", (sql, expected) => {
    assert.deepStrictEqual(SqlText.statements(sql), expected)
  })

  it.each<[string, string | undefined]>([
    ["  SELECT 1", "select"],
    ["-- insert\n/* update */ Select 1", "select"],
    ["WITH a AS (SELECT 1) SELECT * FROM a", "select"],
    ["with a as (select 1), b as (delete from t returning *) insert into c select * from b", "insert"],
    ["(select 1)", undefined],
    ["", undefined]
  ])("the verb of %j", (sql, expected) => {
    assert.strictEqual(SqlText.verb(sql), expected)
  })

  it.each<[string, "from" | "to" | "file" | undefined]>([
    ["COPY t FROM STDIN", "from"],
    ['copy t (a, "from") from stdin with (format csv)', "from"],
    ["COPY (SELECT a FROM t) TO STDOUT", "to"],
    ["COPY t TO '/tmp/x'", "file"],
    ["COPY t TO PROGRAM 'cat'", "file"],
    ["SELECT 'COPY t FROM STDIN'", undefined]
  ])("the direction of %j", (sql, expected) => {
    assert.strictEqual(SqlText.copyDirection(sql), expected)
  })

  it("a subquery loses its semicolons, and no comment swallows what follows", () => {
    assert.strictEqual(`(${SqlText.asSubquery("SELECT 1; -- bye")})`, "(SELECT 1\n)")
    assert.strictEqual(`(${SqlText.asSubquery("SELECT 1 -- bye")})`, "(SELECT 1 -- bye\n)")
  })

  it("a word that writes is found whole, strings included", () => {
    assert.isTrue(SqlText.mayWrite("SELECT 'Drop it'"))
    assert.isFalse(SqlText.mayWrite("SELECT updated_at, inserted FROM t"))
  })

  it("literals and identifiers are quoted", () => {
    assert.strictEqual(SqlText.quoteLiteral("it's"), "'it''s'")
    assert.strictEqual(SqlText.quoteLiteral("a\\'b"), " E'a\\\\''b'")
    assert.strictEqual(SqlText.quoteIdentifier('a"b'), '"a""b"')
  })
})
