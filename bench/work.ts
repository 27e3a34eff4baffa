/** Jobs and imports as the bench server tells of them: over a moment after they were ordered. */

/** Milliseconds that a job takes. */
const jobTime = 10

const orderedAt = new Map<string, number>()

export const jobText = (id: string, status: string): string =>
  JSON.stringify({
    user: "alice",
    job_id: id,
    query: "select 1",
    status,
    created_at: "2026-11-22T13:59:41.070Z",
    updated_at: "2026-11-22T13:59:41.070Z"
  })

export const orderJob = (): string => {
  const id = String(orderedAt.size + 1)
  orderedAt.set(id, performance.now())
  return jobText(id, "pending")
}

export const readJob = (id: string): string =>
  jobText(id, performance.now() - (orderedAt.get(id) ?? 0) < jobTime ? "running" : "done")

export const orderedImport = JSON.stringify({ item_queue_id: "1", success: true })

export const readImport = (id: string): string =>
  JSON.stringify({
    id,
    state: "complete",
    success: true,
    table_id: "t1",
    table_name: "cities",
    tables_created_count: 1,
    error_code: null
  })
