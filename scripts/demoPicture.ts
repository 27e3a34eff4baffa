/** `node scripts/demoPicture.ts`: runs the demo, and draws what it prints as a terminal: docs/pictures/demo.svg. */
import { spawnSync } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "..")
const fontSize = 13
const lineHeight = 19
const characterWidth = 7.83
const margin = 20
const bar = 34

const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`).replaceAll(" ", "\u00a0")

/** Titles stand at the margin, results are indented, times are in brackets at the end. */
const drawn = (line: string, index: number): string => {
  const y = bar + margin + index * lineHeight
  const [, text = "", time = ""] = /^(.*?)(\s*\([\d.]+ s\))?$/.exec(line) ?? []
  const kind = line.startsWith("$") ? "prompt" : /^\S/.test(line) ? "title" : "text"
  const tail = time === "" ? "" : `<tspan class="time">${escaped(time)}</tspan>`
  return `<text x="${margin}" y="${y}"><tspan class="${kind}">${escaped(text)}</tspan>${tail}</text>`
}

const { status, stdout } = spawnSync(process.execPath, ["--conditions=@effect-carto/source", "examples/demo.ts"], {
  cwd: root,
  encoding: "utf8"
})
if (status !== 0) process.exit(status ?? 1)

const lines = ["$ npm run demo", ...stdout.trimEnd().split("\n")]
const width = Math.ceil(Math.max(...lines.map((line) => line.length)) * characterWidth + 2 * margin)
const height = bar + margin + lines.length * lineHeight

writeFileSync(
  join(root, "docs/pictures/demo.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="What npm run demo prints">
<style>
  text { font: ${fontSize}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
  .prompt { fill: #7ee787; } .title { fill: #79c0ff; } .text { fill: #e6edf3; } .time { fill: #8b949e; }
</style>
<rect width="${width}" height="${height}" rx="10" fill="#0d1117"/>
<circle cx="20" cy="17" r="5.5" fill="#ff5f57"/><circle cx="38" cy="17" r="5.5" fill="#febc2e"/><circle cx="56" cy="17" r="5.5" fill="#28c840"/>
${lines.map(drawn).join("\n")}
</svg>
`
)
