/** What the account's plan allows. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"

/** Quotas are counts; none is unlimited. */
export interface PlanFlags {
  readonly privateTables: boolean
  readonly privateMaps: boolean
  readonly synchronizations: boolean
  /** The Auth API and `v4/datasets`. */
  readonly engine: boolean
  readonly tableQuota: number | undefined
  readonly publicDatasetQuota: number | undefined
  readonly publicMapQuota: number | undefined
  readonly privateMapQuota: number | undefined
  readonly apiKeyQuota: number | undefined
  /** The role that may only look. */
  readonly viewer: boolean
}

/** Everything is allowed unless told. */
export const unlimited: PlanFlags = {
  privateTables: true,
  privateMaps: true,
  synchronizations: true,
  engine: true,
  tableQuota: undefined,
  publicDatasetQuota: undefined,
  publicMapQuota: undefined,
  privateMapQuota: undefined,
  apiKeyQuota: undefined,
  viewer: false
}

/** The plan of the one account. */
export class Plan extends Context.Service<
  Plan,
  {
    readonly get: Effect.Effect<PlanFlags>
    /** Changes some of it; what exists already stays. */
    readonly set: (flags: Partial<PlanFlags>) => Effect.Effect<void>
  }
>()("carto-emulator/Plan") {
  static readonly layer = (flags: Partial<PlanFlags> = {}) =>
    Layer.effect(
      Plan,
      Effect.map(Ref.make<PlanFlags>({ ...unlimited, ...flags }), (plan) =>
        Plan.of({
          get: Ref.get(plan),
          set: (flags) => Ref.update(plan, (current) => ({ ...current, ...flags }))
        })
      )
    )
}
