/** Advice of the library in the words of the command line: it names methods, where people have commands. */

const commands: ReadonlyArray<readonly [string, string]> = [
  ["one made with ApiKeyGrants.dataObservatory", "one made by carto api-key create with --data-observatory"],
  ["one made with ApiKeyGrants.tableMetadata", "one made by carto api-key create with --table-metadata"],
  ["with DataObservatory.subscribe,", "by carto data-observatory subscribe,"],
  ["with DataObservatory.token", "with what carto data-observatory token gives"],
  ["make the table by SQL and Datasets.cartodbfy", "make the table by SQL and carto dataset cartodbfy"],
  ["Set all grants with Permissions.set, or change", "Change"],
  ["Import one of the files with DatasetRows.imported, or name", "Name"]
]

export const inCommands = (advice: string): string =>
  commands.reduce((text, [method, command]) => text.replace(method, command), advice)
