/** As `package.json` tells npm, which only warns. */
export const oldestNode = "22.19"

const parts = (version: string): ReadonlyArray<number> => version.split(".").map(Number)

/** Whether the program runs on this version of Node, such as `24.1.0`. */
export const isSupported = (version: string): boolean => {
  const [major = 0, minor = 0] = parts(version)
  const [oldestMajor = 0, oldestMinor = 0] = parts(oldestNode)
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)
}
