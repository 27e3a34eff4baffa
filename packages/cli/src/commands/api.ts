/** `carto api`: any endpoint, with the account's key, retries and pacing. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { lazily } from "../lazily.ts"

/** What stands behind the first `=` is the value, also when it is nothing. */
const parseField = (text: string): Option.Option<readonly [name: string, value: string]> => {
  const end = text.indexOf("=")
  return end > 0 ? Option.some([text.slice(0, end), text.slice(end + 1)]) : Option.none()
}

export const api = () =>
  Command.make(
    "api",
    {
      method: Argument.Literals("METHOD", ["GET", "POST", "PUT", "PATCH", "DELETE"]).pipe(
        Argument.withDescription("GET, POST, PUT, PATCH or DELETE")
      ),
      path: Argument.String("PATH").pipe(Argument.withDescription("Such as /api/v1/viz; behind the account's address")),
      fields: Flag.String("field").pipe(
        Flag.filterMap(parseField, (text) => `NAME=VALUE, such as types=table, not ${JSON.stringify(text)}`),
        Flag.withAlias("F"),
        Flag.withMetavar("NAME=VALUE"),
        Flag.withDescription(
          "A parameter of GET and DELETE, a member of the JSON body otherwise; numbers, true, false, null and JSON keep their type"
        ),
        Flag.atLeast(0)
      ),
      input: Flag.String("input").pipe(
        Flag.withMetavar("FILE"),
        Flag.withDescription("Send this file as the JSON body; - is standard input"),
        Flag.optional
      ),
      paginate: Flag.Boolean("paginate").pipe(
        Flag.withDescription("Ask for page after page, and print all items as one array"),
        Flag.withDefault(false)
      )
    },
    lazily(() => import("./api/api.run.ts"))
  ).pipe(
    Command.withExamples([
      { command: "carto api GET /api/v4/me" },
      {
        command: "carto api GET /api/v1/viz --field types=table --paginate --jq '.[].name'",
        description: "All of a list"
      },
      { command: "carto api POST /api/v2/sql --field 'q=select 1 as one'" }
    ])
  )
