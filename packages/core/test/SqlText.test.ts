import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Result, Schema } from "effect"
import * as SqlText from "../src/SqlText.ts"

const textsOf = (sql: string): Result.Result<ReadonlyArray<string>, SqlText.SqlTextError> =>
  Result.map(SqlText.statements(sql), (all) => all.map(({ text }) => text))

const splits: ReadonlyArray<readonly [sql: string, texts: ReadonlyArray<string>]> = [
  ["", []],
  [" ; -- nothing\n;", []],
  ["select 1", ["select 1"]],
  ["select 1;\n select 2 ;", ["select 1", "select 2"]],
  ["select ';' ; select 2", ["select ';'", "select 2"]],
  ["select 'it''s;' ; 2", ["select 'it''s;'", "2"]],
  ["select '\\'; select 2", ["select '\\'", "select 2"]],
  ["select E'\\';' ; select 2", ["select E'\\';'", "select 2"]],
  ["select E'a'\n 'b\\';' ; 2", ["select E'a'\n 'b\\';'", "2"]],
  ["select E'a' -- c\n 'b\\';' ; 2", ["select E'a' -- c\n 'b\\';'", "2"]],
  ["select e'\\\\'; 2", ["select e'\\\\'", "2"]],
  ["select U&'\\'; 2", ["select U&'\\'", "2"]],
  ['select 1 as "a"";"; 2', ['select 1 as "a"";"', "2"]],
  ["select $$;$$; 2", ["select $$;$$", "2"]],
  ["select $a$;$b$;$$;$a$; 2", ["select $a$;$b$;$$;$a$", "2"]],
  ["select a$b$; b$b$", ["select a$b$", "b$b$"]],
  ["select $1; 2", ["select $1", "2"]],
  ["select 1 /* ; /* ; */ ; */; 2", ["select 1", "2"]],
  ["select 1 -- ;\n + 1; 2", ["select 1 -- ;\n + 1", "2"]],
  [
    "create rule r as on insert to t do (select 1; select 2); 2",
    ["create rule r as on insert to t do (select 1; select 2)", "2"]
  ],
  [
    "create or replace function f() returns int begin atomic select case when true then 1 end; select 2; end; select 3",
    [
      "create or replace function f() returns int begin atomic select case when true then 1 end; select 2; end",
      "select 3"
    ]
  ],
  ["begin; select 1; end; commit", ["begin", "select 1", "end", "commit"]]
]

const open: ReadonlyArray<readonly [sql: string, open: SqlText.Open | undefined]> = [
  ["select ", undefined],
  ["select 'a' ", undefined],
  ["select '", "string"],
  ["select E'\\'", "string"],
  ["select E'a'\n'\\'", "string"],
  ['select "', "identifier"],
  ["select $a$ $$", "dollar quote"],
  ["select /* /* */", "comment"],
  ["select 1 -- x", "line comment"],
  ["select 1 -- x\n", undefined]
]

const reading = [
  "select 1",
  "(select 1) union (select 2)",
  "values (1)",
  "table t",
  "with x as (select 1) select * from x",
  "select 'insert into t', \"delete\", $$update$$ /* merge */ from t -- into",
  "select a as update from t",
  "select substring(x from 1 for 2) from t",
  "select nextval, 'setval(1)' from t",
  "select cartodb.CDB_UserTables()",
  "select currval('s'), pg_sleep(0)",
  "show server_version",
  "explain select 1",
  "explain (analyze, format json) select 1",
  "copy t to stdout",
  "COPY (select 1) TO STDOUT WITH (FORMAT binary)",
  "select 1; select 2",
  ""
]

const writing = [
  "select nextval('s')",
  "select cartodb.CDB_CartodbfyTable('t')",
  "select cdb_cartodbfytable ('ada', 't')",
  "with x as (select pg_terminate_backend(1)) select * from x",
  "select pg_cancel_backend(pid) from pg_stat_activity",
  "insert into t values (1)",
  "UPDATE t SET a = 1",
  "delete from t",
  "merge into t using s on true when matched then delete",
  "truncate t",
  "create table t (a int)",
  "alter table t add b int",
  "drop table t",
  "grant select on t to public",
  "do $$ begin end $$",
  "call p()",
  "vacuum t",
  "refresh materialized view v",
  "set role postgres",
  "begin",
  "prepare p as select 1",
  "with x as (delete from t returning *) select * from x",
  "with x as materialized (insert into t values (1) returning a) select a from x",
  "with x as (select 1) update t set a = 1",
  "with recursive x as (select 1) cycle a set b using c delete from t",
  "select * into t2 from t",
  "select * from t for update",
  "select * from t for no key update",
  "select * from t for share",
  "explain analyze delete from t",
  "explain (analyze) with x as (delete from t returning 1) select 1",
  "copy t from stdin",
  "copy t to '/tmp/x'",
  "copy t to program 'sh'",
  "copy (delete from t returning *) to stdout",
  "select 1; drop table t",
  "/* select */ delete from t",
  "select 'unfinished"
]

const copies: ReadonlyArray<readonly [sql: string, direction: "from" | "to" | undefined]> = [
  ["COPY t FROM STDIN", "from"],
  ['copy t (a, "from") from stdin with (format csv, header true);', "from"],
  ['COPY "to" FROM STDIN', "from"],
  ["COPY t TO STDOUT", "to"],
  ["COPY (select a from t where b = 'x' order by a) TO STDOUT WITH (FORMAT binary)", "to"],
  [" COPY t TO STDOUT", undefined],
  ["/**/COPY t TO STDOUT", undefined],
  ["COPY\tt TO STDOUT", undefined],
  ["COPY t FROM STDIN; SELECT 1", undefined],
  ["COPY t FROM '/etc/passwd'", undefined],
  ["COPY t TO PROGRAM 'sh'", undefined],
  ["COPY (select 1", undefined],
  ["COPY t FROM STDIN NULL '", undefined],
  ["SELECT 1", undefined],
  ["", undefined]
]

describe("SqlText", () => {
  for (const [sql, texts] of splits) {
    it(`splits ${JSON.stringify(sql)}`, () => assert.deepStrictEqual(textsOf(sql), Result.succeed(texts)))
  }

  for (const [sql, inside] of open) {
    it(`${JSON.stringify(sql)} ends inside ${inside ?? "nothing"}`, () =>
      assert.strictEqual(SqlText.endsInside(sql), inside))
  }

  for (const sql of reading) {
    it(`reads: ${sql}`, () => assert.isTrue(SqlText.isReadOnly(sql)))
  }

  for (const sql of writing) {
    it(`does not only read: ${sql}`, () => assert.isFalse(SqlText.isReadOnly(sql)))
  }

  for (const [sql, direction] of copies) {
    it(`${direction === undefined ? "no COPY through the connection" : `COPY ${direction}`}: ${sql}`, () =>
      assert.strictEqual(Result.getOrUndefined(SqlText.copyDirection(sql)), direction))
  }

  const templates: ReadonlyArray<readonly [safe: boolean, parts: ReadonlyArray<string>]> = [
    [true, ["select 1"]],
    [true, ["select ", ", 'x'"]],
    [true, ["select * from t where a = ", " and b in (", ")"]],
    [true, ["select 'x' || ", ' /* c */ || "a".', ""]],
    [true, ["-", ""]],
    [false, ["select '", "'"]],
    [false, ["select 'a' || '%", "%'"]],
    [false, ['select "', '"']],
    [false, ["select $$", "$$"]],
    [false, ["select 1 -- ", "\n"]],
    [false, ["select /* ", " */ 1"]],
    [false, ["select E'\\'", "'"]]
  ]
  for (const [safe, parts] of templates) {
    it(`${safe ? "values may stand" : "no value may stand"} in ${JSON.stringify(parts.join("…"))}`, () =>
      assert.strictEqual(SqlText.valuesAreInCode(parts), safe))
  }

  it.prop(
    "splits between statements only, whatever they quote",
    [
      Arbitrary.array(
        Arbitrary.schema(
          Schema.Literals([
            "select ';'",
            "select E'\\';--'",
            "select $a$;$$;$b$$a$",
            'select ";"" --"',
            "select 1 /* ';\" /* $$ */ */ + 2",
            "select 1 -- ';\n + 2",
            "select (1; 2)",
            "select a$$b",
            "select U&'\\'",
            "select 'a'\n';'",
            "select E'a'\n'\\';'"
          ])
        )
      )
    ],
    ([pieces]) => assert.deepStrictEqual(textsOf(pieces.join(" ; ")), Result.succeed(pieces))
  )

  it("tells the keyword of each statement", () => {
    const keywords = Result.map(SqlText.statements("create table t(); ((select 1)); $1"), (all) =>
      all.map(({ keyword }) => keyword)
    )
    assert.deepStrictEqual(keywords, Result.succeed(["CREATE", "SELECT", ""]))
  })

  it("is not slowed down by comments behind a string", () => {
    assert.strictEqual(SqlText.endsInside(`select ''${" -- x".repeat(10_000)}`), "line comment")
  })
})
