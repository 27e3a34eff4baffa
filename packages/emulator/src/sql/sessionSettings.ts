/** What every session starts with. */
export const sessionSettings = {
  search_path: `"$user",public,cartodb`,
  timezone: "UTC"
}
