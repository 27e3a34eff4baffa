/** Tells queries that may be run twice from those that might do something: a function that writes looks like any other. */
import type { Token } from "./sqlLexer.ts"

/** Words that may stand before a parenthesis without calling anything. */
const syntax = new Set(
  `ALL AND ANY AS ASC BETWEEN BY CASE CAST COLLATE CUBE DESC DISTINCT ELSE EXCEPT EXISTS FETCH FILTER FROM GROUPING
  GROUP HAVING ILIKE IN INTERSECT IS JOIN KEY LATERAL LEFT LIKE LIMIT MATERIALIZED NATURAL NOT NULL OFFSET ON OR ORDER
  ORDINALITY OVER PARTITION RIGHT ROLLUP ROW SELECT SETS SIMILAR SOME THEN TO UNION USING VALUES WHEN WHERE WINDOW WITH
  WITHIN`.split(/\s+/)
)

/** Functions and type names of PostgreSQL that change nothing. Not complete: an unknown one only costs convenience. */
const pure = new Set(
  `ABS AGE ARRAY ARRAY_AGG ARRAY_LENGTH ARRAY_TO_STRING AVG BOOL_AND BOOL_OR BPCHAR BTRIM CARDINALITY CEIL CEILING CHAR
  CHARACTER COALESCE CONCAT CONCAT_WS COUNT CUME_DIST CURRENT_SCHEMA DATE_PART DATE_TRUNC DECIMAL DENSE_RANK EXTRACT
  FIRST_VALUE FLOAT FLOOR FORMAT GENERATE_SERIES GEOGRAPHY GEOMETRY GREATEST INITCAP JSONB_AGG JSONB_BUILD_OBJECT
  JSON_AGG JSON_BUILD_OBJECT LAG LAST_VALUE LEAD LEAST LENGTH LN LOCALTIMESTAMP LOG LOWER LPAD LTRIM MAKE_DATE
  MAKE_INTERVAL MAX MD5 MIN MOD NOW NTH_VALUE NTILE NULLIF NUMERIC OCTET_LENGTH OVERLAY PERCENTILE_CONT PERCENTILE_DISC
  PERCENT_RANK PG_TYPEOF POSITION POWER RANDOM RANK REGEXP_MATCHES REGEXP_REPLACE REPEAT REPLACE REVERSE ROUND
  ROW_NUMBER ROW_TO_JSON RPAD RTRIM SIGN SPLIT_PART SQRT STDDEV STRING_AGG STRING_TO_ARRAY SUBSTR SUBSTRING SUM TIME
  TIMESTAMP TIMESTAMPTZ TO_CHAR TO_DATE TO_JSON TO_JSONB TO_NUMBER TO_TIMESTAMP TRANSLATE TRIM TRUNC UNNEST UPPER
  VARCHAR VARIANCE VARYING WIDTH_BUCKET`.split(/\s+/)
)

const isHarmless = (token: Token, before: Token | undefined): boolean =>
  token.kind === "word" &&
  before?.text !== "." &&
  (syntax.has(token.text) || pure.has(token.text) || token.text.startsWith("ST_"))

/** Whether no function is called that is not known to leave everything as it is. */
export const callsNothingUnknown = (tokens: ReadonlyArray<Token>): boolean =>
  tokens.every((token, i) => {
    if (token.text !== "(") return true
    const name = tokens[i - 1]
    if (name === undefined || (name.kind !== "word" && name.kind !== "quoted")) return true
    // `AS alias (column, …)` and `alias (column, …)` in FROM look like calls too; only the first is easy to tell.
    return isHarmless(name, tokens[i - 2]) || tokens[i - 2]?.text === "AS"
  })
