/** Which arguments are names of things of the account: what completion offers in their place. */

/** Things that have names. Jobs and profiles are known on this machine; the others are asked for. */
export const kinds = ["datasets", "maps", "templates", "synchronizations", "jobs", "profiles"] as const
export type Kind = (typeof kinds)[number]

/** Commands whose arguments are such names, each with its group. */
export const completed: Readonly<Record<Kind, ReadonlyArray<string>>> = {
  datasets: [
    "dataset get",
    "dataset describe",
    "dataset update",
    "dataset privacy",
    "dataset share",
    "dataset delete",
    "dataset copy",
    "dataset replace",
    "dataset append",
    "dataset upsert",
    "dataset ddl",
    "dataset export",
    "dataset open",
    "sql copy from",
    "sql copy to"
  ],
  maps: ["visualization get", "visualization update", "visualization delete", "visualization export"],
  templates: ["named-map get", "named-map delete", "named-map instantiate", "map preview"],
  synchronizations: [
    "synchronization get",
    "synchronization run",
    "synchronization update",
    "synchronization delete",
    "synchronization check"
  ],
  jobs: ["sql job get", "sql job wait", "sql job watch", "sql job cancel"],
  profiles: ["auth switch", "auth logout"]
}
