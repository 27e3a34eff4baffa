/** What a measurement is made of: variants that run each in a process of its own, and goals on how they compare. */

/** What a variant's process is told. */
export interface Environment {
  /** Of the bench server, or of the emulator where the benchmark asks for it. */
  readonly server: string
  /** Where files are kept: in memory, where the system offers that. */
  readonly folder: string
  /** Small sizes, to see that everything runs; the figures then mean nothing. */
  readonly quick: boolean
}

export interface Measured {
  /** Of the work alone: neither the start of the process nor the loading of modules. */
  readonly seconds: number
  /** Of all threads of the variant's own process; not known of other programs. */
  readonly cpuSeconds?: number | undefined
  /** Bytes, where the work is done by another program. By default those of the variant's own process. */
  readonly peakMemory?: number | undefined
}

export interface Variant {
  readonly run: (environment: Environment) => Promise<Measured>
  /** Only for what is compared with a smaller or larger case of the same, so that its time says nothing. */
  readonly isTimed?: boolean | undefined
  /** Why it cannot run here. */
  readonly missing?: (() => string | undefined) | undefined
}

/** All rounds of one variant. */
export interface Results {
  readonly seconds: ReadonlyArray<number>
  /** How many times faster than the baseline of the same round. */
  readonly ratios: ReadonlyArray<number>
  /** Empty where it is not known. */
  readonly cpuSeconds: ReadonlyArray<number>
  readonly peaks: ReadonlyArray<number>
}

export interface Verdict {
  readonly reached: string
  readonly spread: string
  readonly holds: boolean
}

export interface Goal {
  readonly what: string
  readonly mustReach: string
  /** Undefined when a variant that it speaks of could not run. */
  readonly judge: (results: ReadonlyMap<string, Results>) => Verdict | undefined
}

export interface Benchmark {
  readonly name: string
  readonly title: string
  readonly rounds: number
  /** A server that really runs SQL, in place of the one that answers from memory. */
  readonly server?: "emulator" | undefined
  /** What the others are measured by. */
  readonly baseline: string
  readonly variants: Readonly<Record<string, Variant>>
  readonly goals: ReadonlyArray<Goal>
  /** Makes files and warms the server; what it tells stands in the report. */
  readonly prepare?: ((environment: Environment) => Promise<void>) | undefined
  /** Work per run, for a figure per second. */
  readonly amount: (environment: Environment) => { readonly count: number; readonly unit: string }
}
