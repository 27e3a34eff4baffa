/** Pages and orders of the platform's lists (platform reference, §5). */
import * as Effect from "effect/Effect"
import * as Order from "effect/Order"
import * as Address from "../Address.ts"
import * as Params from "../Params.ts"
import { type Refusal, refuseWithCause } from "../Refusal.ts"
import type { Visit } from "./platform.ts"

/** Pages are counted from 1. */
export interface Page {
  readonly page: number
  readonly perPage: number
}

interface ReadOptions {
  /** The shape in which a wrong parameter is refused: `errors` with its cause (E3) unless told. */
  readonly refusal?: ((text: string) => Refusal) | undefined
}

const badRequest = (text: string): Refusal => refuseWithCause(400, text)

/** What the application says of a parameter with a fixed set of values. */
export const wrong = (name: string, valid?: ReadonlyArray<string>): string =>
  `Wrong '${name}' parameter value.${valid === undefined ? "" : ` Valid values are one of ${valid.join(", ")}`}`

/** `page` and `per_page`; zero, negative numbers and words are refused. */
export const readPage = Effect.fnUntraced(function* (
  params: Params.Params,
  { perPage, refusal = badRequest }: ReadOptions & { readonly perPage: number }
): Effect.fn.Return<Page, Refusal> {
  const read = (name: string, otherwise: number) => {
    const text = Params.text(params, name) ?? String(otherwise)
    return /^0*[1-9]\d{0,14}$/.test(text) ? Effect.succeed(Number(text)) : Effect.fail(refusal(wrong(name)))
  }
  return { page: yield* read("page", 1), perPage: yield* read("per_page", perPage) }
})

/** A parameter with a fixed set of values. */
export const readOneOf = <A extends string>(
  params: Params.Params,
  name: string,
  valid: ReadonlyArray<A>,
  { otherwise, refusal = badRequest }: ReadOptions & { readonly otherwise: A }
): Effect.Effect<A, Refusal> => {
  const text = Params.text(params, name)
  if (text === undefined) return Effect.succeed(otherwise)
  const value = valid.find((one) => one === text)
  return value === undefined ? Effect.fail(refusal(wrong(name, valid))) : Effect.succeed(value)
}

export const directions = ["asc", "desc"] as const

/** An order turned around where `desc` is asked for. */
export const directed = <A>(order: Order.Order<A>, direction: (typeof directions)[number]): Order.Order<A> =>
  direction === "desc" ? Order.flip(order) : order

/** The items of one page. */
export const slice = <A>(items: ReadonlyArray<A>, { page, perPage }: Page): ReadonlyArray<A> =>
  items.slice((page - 1) * perPage, page * perPage)

/** Repeats every parameter of the request, the key included. */
const links = ({ params, request }: Visit, { page, perPage }: Page, total: number) => {
  const address = `${Address.base(request)}${Address.path(request)}`
  const link = (to: number) => {
    const query = new URLSearchParams()
    for (const name of params.query.keys()) query.set(name, Params.text(params, name) ?? "")
    query.set("page", String(to))
    query.set("per_page", String(perPage))
    query.sort()
    return { href: `${address}?${query}` }
  }
  // Without a result the last page is 0, which cannot be asked for.
  const last = Math.ceil(total / perPage)
  return {
    first: link(1),
    ...(page > 1 ? { prev: link(page - 1) } : {}),
    ...(page < last ? { next: link(page + 1) } : {}),
    last: link(last)
  }
}

/** The envelope of the lists of keys and of `v4/datasets`. */
export const envelope = <A>(visit: Visit, page: Page, total: number, result: ReadonlyArray<A>) => ({
  total,
  count: result.length,
  result,
  _links: links(visit, page, total)
})
