/** What a key may do, in one line for people. */
import type { Abilities } from "@effect-carto/core/ApiKey"

/** `sql, maps; public.cities: select; schema public: create; geocoding`. */
export const inWords = (abilities: Abilities): string => {
  if (abilities.everything) return "everything"
  const parts = [
    abilities.apis.join(", "),
    ...abilities.tables.map(({ name, permissions, schema }) => `${schema}.${name}: ${permissions.join(", ")}`),
    ...abilities.schemas.map(({ name, permissions }) => `schema ${name}: ${permissions.join(", ")}`),
    abilities.tableMetadata ? "names of all datasets" : "",
    abilities.dataservices.join(", "),
    abilities.datasets.join(", ")
  ].filter((part) => part !== "")
  return parts.length === 0 ? "nothing" : parts.join("; ")
}
