/** What opens a page in the browser of the user. */

/** The program of a system, and what stands before the address. */
export const opener = (platform: string): readonly [string, ...ReadonlyArray<string>] => {
  switch (platform) {
    case "darwin":
      return ["open"]
    case "win32":
      return ["rundll32", "url.dll,FileProtocolHandler"]
    default:
      return ["xdg-open"]
  }
}
