/** Completion of names in each shell: where the script of effect has nothing to offer, the names that fit the command. */
import { completed, kinds } from "../../completedNames.ts"

export const withNames = (shell: "bash" | "zsh" | "fish", script: string): string => {
  // zsh runs the file when it completes for the first time: what it then calls must stand above.
  const end = shell === "zsh" ? script.indexOf(zshCall) : script.length
  return `${script.slice(0, end).trimEnd()}\n${own[shell]()}\n${script.slice(end)}`.trimEnd()
}

/** The line of effect's script behind which it calls what it defined. */
const zshCall = "# Handle both direct invocation and autoload"

/** `dataset get|dataset ddl` in the pattern language of `case`, which bash and zsh share. */
const cases = kinds
  .map((kind) => `    ${completed[kind].map((path) => `"${path}"*`).join("|")}) kind=${kind} ;;`)
  .join("\n")

const own = {
  bash: () => `
# Names of things of the account, where no flag or subcommand is being typed.
_carto_with_names() {
  _carto "$@"
  local current="\${COMP_WORDS[COMP_CWORD]}" kind="" words
  if ((\${#COMPREPLY[@]} > 0)) || [[ "$current" == -* ]]; then return; fi
  words="\${COMP_WORDS[*]:1:COMP_CWORD-1}"
  case "$words " in
${cases}
  esac
  [[ -n "$kind" ]] || return
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(carto complete-names "$kind" 2>/dev/null)" -- "$current"))
}
complete -o filenames -o default -F _carto_with_names carto
`,
  zsh: () => `
# Names of things of the account, where no flag or subcommand is being typed.
functions[_carto_commands]=$functions[_carto]
_carto() {
  # Before the others look at them: _arguments leaves only the words of the subcommand.
  local kind="" current="\${words[CURRENT]}" before="\${(j: :)words[2,CURRENT-1]}" insert="$compstate[insert]"
  _carto_commands "$@"
  local result=$?
  if [[ "$current" == -* ]]; then return $result; fi
  case "$before " in
${cases}
  esac
  [[ -n "$kind" ]] || return $result
  local -a names
  names=("\${(@f)$(carto complete-names $kind 2>/dev/null)}")
  (( \${#names} )) || return $result
  # The description of an argument forbids to insert anything.
  compstate[insert]="$insert"
  compadd -a names
}
`,
  fish: () => `
# Names of things of the account.
${kinds
  .flatMap((kind) =>
    completed[kind].map(
      (path) =>
        `complete -c carto -n '${path
          .split(" ")
          .map((word) => `__fish_seen_subcommand_from ${word}`)
          .join(
            "; and "
          )}; and not string match -q -- "-*" (commandline -ct)' -a '(carto complete-names ${kind} 2>/dev/null)'`
    )
  )
  .join("\n")}
`
} as const
