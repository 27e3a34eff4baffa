/** `npm run reference`: writes the reference of all public names to `reference/`. */
import { join } from "node:path"
import { Application } from "typedoc"

const root = join(import.meta.dirname, "../..")

const application = await Application.bootstrap({
  name: "effect-carto",
  entryPoints: ["core", "node", "emulator"].map((name) => join(root, "packages", name, "src/index.ts")),
  tsconfig: join(import.meta.dirname, "tsconfig.json"),
  readme: join(root, "README.md"),
  basePath: join(root, "packages"),
  displayBasePath: join(root, "packages"),
  // The sources are checked by `npm run check`, with the compiler that they are written for.
  skipErrorChecking: true,
  excludeExternals: true,
  excludeInternal: true,
  disableSources: true,
  githubPages: false,
  validation: { notExported: false, invalidLink: true, notDocumented: false }
})
const project = await application.convert()
if (project === undefined || application.logger.hasErrors()) process.exit(1)
await application.generateDocs(project, join(root, "reference"))
if (application.logger.hasErrors()) process.exit(1)
