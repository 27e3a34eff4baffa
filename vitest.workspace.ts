const project = (name: string, root = `packages/${name}`) => ({
  extends: true as const,
  root,
  test: { name, include: ["test/**/*.test.ts"] }
})

/** One project per package, and one for the rules that hold across the repository. */
export const projects = [
  project("core"),
  project("node"),
  project("emulator"),
  project("cli"),
  project("repository", ".")
]
