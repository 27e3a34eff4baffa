/** `carto dataset share`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"
import { idOrName } from "./flags.ts"

const grantee = (kind: string) =>
  Flag.String(kind).pipe(
    Flag.filter(
      (text) => text !== "",
      () => "a name or an id"
    ),
    Flag.withMetavar("NAME-OR-ID"),
    Flag.optional
  )

export const share = () =>
  Command.make(
    "share",
    {
      idOrName,
      user: grantee("user").pipe(Flag.withDescription("A member of the organization")),
      group: grantee("group").pipe(Flag.withDescription("A group of the organization")),
      organization: grantee("organization").pipe(Flag.withDescription("Everybody in it")),
      access: Flag.Literals("access", ["read", "write"]).pipe(
        Flag.withDescription("write also changes rows, and is not for viewers; default: read"),
        Flag.optional
      ),
      revoke: Flag.Boolean("revoke").pipe(Flag.withDescription("Take the access away instead"), Flag.withDefault(false))
    },
    lazily(() => import("./share.run.ts"))
  ).pipe(
    Command.withDescription("Share a dataset within the organization, or stop it; without a flag, tell who has it"),
    Command.withShortDescription("Share a dataset within the organization"),
    Command.withExamples([
      { command: "carto dataset share stations --user bob --access write" },
      { command: "carto dataset share stations --user bob --revoke" },
      { command: "carto dataset share stations", description: "Who has it now" }
    ])
  )
