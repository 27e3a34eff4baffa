/** A command with subcommands, of which a start puts together the called one: the flags of all others take time. */
import * as Command from "effect/cli/Command"
import * as Struct from "effect/Struct"

/** Whether the arguments may call a command of this name. */
export type IsCalled = (name: string) => boolean

type Named<Parts> = { readonly [Name in keyof Parts]: Command.Command.Any & { readonly name: Name } }

/** Subcommands that are not called stand there by name, for who mistypes. Where none is, all are shown. */
export const branch =
  <const Name extends string, Parts extends Named<Parts>>(
    name: Name,
    parts: { readonly [Name in keyof Parts]: (isCalled: IsCalled) => Parts[Name] }
  ) =>
  (isCalled: IsCalled) => {
    const names = Struct.keys(parts)
    const isNeeded = names.some(isCalled) ? isCalled : () => true
    const subcommand = (name: (typeof names)[number]) => (isNeeded(name) ? parts[name](isCalled) : Command.make(name))
    return Command.make(name).pipe(Command.withSubcommands(names.map(subcommand)))
  }
