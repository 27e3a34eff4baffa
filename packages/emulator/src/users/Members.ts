/** The other members of the organization as accounts of their own: what is asked at a member's address. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as RcMap from "effect/RcMap"
import { Auth, type Home } from "../Auth.ts"
import { Catalog } from "../catalog/Catalog.ts"
import { Exports } from "../catalog/export/Exports.ts"
import { Plan } from "../catalog/Plan.ts"
import { Database, type DatabaseError, type RunOptions } from "../Database.ts"
import { Imports } from "../imports/Imports.ts"
import { Jobs } from "../jobs/Jobs.ts"
import { KuvizStore } from "../kuviz/KuvizStore.ts"
import { MapStore } from "../maps/MapStore.ts"
import { Templates } from "../maps/Templates.ts"
import { Observatory } from "../observatory/Observatory.ts"
import { Subscriptions } from "../observatory/Subscriptions.ts"
import { UserDatasets } from "../observatory/UserDatasets.ts"
import { Works } from "../observatory/Works.ts"
import { Synchronizations } from "../synchronizations/Synchronizations.ts"
import { Account } from "./Account.ts"
import type { Person } from "./Person.ts"
import { type ServiceOptions, servicesLayer } from "./services.ts"

/** What each member has of its own; all else is the account's. */
const pickServices = Context.pick(
  Account,
  Auth,
  Catalog,
  Database,
  Exports,
  Imports,
  Jobs,
  KuvizStore,
  MapStore,
  Observatory,
  Plan,
  Subscriptions,
  Synchronizations,
  Templates,
  UserDatasets,
  Works
)

type MemberServices = ReturnType<typeof pickServices>

export class Members extends Context.Service<
  Members,
  {
    /** What the keys of the organization's owner need, for administrators who reach them. */
    readonly owner: Context.Context<Auth | Database>
    /** None for who is no member, or not made yet, and for the owner. */
    readonly services: (username: string) => Effect.Effect<MemberServices | undefined, DatabaseError>
    /** Deletes the account of whoever it is, and ends what goes on for a member: jobs, imports, synchronizations. */
    readonly remove: (id: string) => Effect.Effect<void, DatabaseError>
  }
>()("carto-emulator/Members") {
  static readonly layer = (options: ServiceOptions) => Layer.effect(Members, make(options))
}

/** The same database, where names without a schema are first looked for in the member's. */
const inSchema = (database: Database["Service"], schema: string): Database["Service"] => {
  // The emulator's own statements know their schemas, and must not find a member's function in place of PostgreSQL's.
  const own = (options: RunOptions | undefined): RunOptions | undefined =>
    options?.role === undefined ? options : { schema, ...options }
  return {
    ...database,
    run: (sql, options) => database.run(sql, own(options)),
    rows: (sql, options) => database.rows(sql, own(options))
  }
}

const make = Effect.fnUntraced(function* (options: ServiceOptions) {
  const root = Context.pick(Account, Auth, Database, Plan)(yield* Effect.context<Account | Auth | Database | Plan>())
  const account = Context.get(root, Account)
  const plan = Context.get(root, Plan)

  /** How the application treats this person. */
  const standing = (person: Person) =>
    Context.make(Account, Account.of({ ...account, me: person, owner: account.owner })).pipe(
      Context.add(
        Plan,
        Plan.of({ ...plan, get: Effect.map(plan.get, (flags) => ({ ...flags, viewer: person.viewer })) })
      )
    )

  const start = (person: Person, home: Home) => {
    const database = inSchema(Context.get(root, Database), home.schema)
    const outside = Layer.succeedContext(Context.add(Context.merge(root, standing(person)), Database, database))
    const auth = Auth.layer({ user: person.username, home, firstMasterKey: person.api_key ?? undefined })
    const layer = servicesLayer(options).pipe(Layer.provideMerge(auth), Layer.provideMerge(outside))
    // Nothing else may take the place of what a handler has, such as the scope of its request.
    return Effect.map(Layer.build(Layer.fresh(layer)), pickServices)
  }

  const started: RcMap.RcMap<string, MemberServices | undefined, DatabaseError> = yield* RcMap.make({
    lookup: Effect.fnUntraced(function* (id: string) {
      const person = (yield* account.people).find((one) => one.id === id)
      return person === undefined || person.role === null
        ? undefined
        : yield* start(person, { schema: person.username, role: person.role })
    }),
    idleTimeToLive: "Infinity"
  })

  const stop = (id: string) => RcMap.invalidate(started, id)

  return Members.of({
    owner: Context.pick(Auth, Database)(root),
    // A request that came in between has started the member anew.
    remove: (id) => stop(id).pipe(Effect.andThen(account.remove(id)), Effect.ensuring(stop(id))),
    services: Effect.fn("Members.services")(function* (username) {
      if (account.organization === undefined || username === account.owner.username) return undefined
      const person = (yield* account.people).find((one) => one.username === username)
      if (person === undefined) return undefined
      // A failure would be kept as what was started is.
      const services = yield* Effect.scoped(RcMap.get(started, person.id)).pipe(Effect.tapError(() => stop(person.id)))
      return services === undefined ? undefined : Context.merge(services, standing(person))
    })
  })
})
