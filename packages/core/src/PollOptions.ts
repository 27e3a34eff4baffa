/** How to wait for something that the server does in its own time. */
import type * as Duration from "effect/Duration"

export interface PollOptions {
  /** For the whole waiting. Default none; an earlier deadline around it stays in force. */
  readonly timeout?: Duration.Input | undefined
  /**
   * What becomes of the work when the waiting is given up before its end: by interruption, deadline or stall. `detach`
   * lets it go on, `cancel` asks the server to stop it, for at most ten seconds.
   */
  readonly onInterrupt?: "cancel" | "detach" | undefined
  /** Fail when nothing about the work has changed for this long. */
  readonly stalledAfter?: Duration.Input | undefined
}

/** A state of the work, and how long the waiting had lasted when it was seen. */
export interface Seen<A> {
  readonly value: A
  readonly elapsed: Duration.Duration
}
