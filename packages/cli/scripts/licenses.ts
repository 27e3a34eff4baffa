/** What others' packages ask of who passes them on: their licenses, of all whose code is in the bundle. */
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"

const folderOf = (module: string): string | undefined =>
  /^.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+(?=[/\\])/.exec(module)?.[0]

const noticeOf = async (folder: string): Promise<string> => {
  const { license, name, version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"))
  const file = (await readdir(folder)).find((file) => /^licen[cs]e(\.|$)/i.test(file))
  if (file === undefined) throw new Error(`${name} has no license file`)
  return `${name} ${version} (${license})\n\n${(await readFile(join(folder, file), "utf8")).trim()}\n`
}

export const licenses = async (modules: ReadonlyArray<string>): Promise<string> => {
  const folders = new Set(modules.map(folderOf).filter((folder) => folder !== undefined))
  return (await Promise.all([...folders].toSorted().map(noticeOf))).join(`\n${"-".repeat(80)}\n\n`)
}
