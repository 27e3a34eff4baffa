/** What an enrichment means: the datasets that it reads, and the columns that it makes of their variables. */
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { statements } from "../SqlText.ts"
import type { ColumnType } from "./columnTypes.ts"
import type { EnrichmentRequest } from "./EnrichmentRequest.ts"
import { type Dataset, datasets, type Method, means, methods, type Variable } from "./entities.ts"
import { variableId } from "./metadata.ts"

export interface Output {
  /** The column's name. */
  readonly name: string
  readonly type: ColumnType
  readonly variable: Variable
  /** Without one there is a row for each place that is met. */
  readonly method: Method | undefined
}

/** What is read of one dataset. */
export interface Source {
  readonly dataset: Dataset
  readonly outputs: ReadonlyArray<Output>
  readonly filters: ReadonlyArray<{ readonly variable: Variable; readonly condition: string }>
}

interface Found {
  readonly dataset: Dataset
  readonly variable: Variable
  readonly id: string
}

const variables: ReadonlyArray<Found> = datasets.flatMap((dataset) =>
  dataset.variables.map((variable) => ({ dataset, variable, id: variableId(dataset, variable) }))
)

const findVariable = (idOrSlug: string): Result.Result<Found, string> => {
  const found = variables.find(({ id }) => means(idOrSlug, id))
  return found === undefined ? Result.fail(`unknown variable ${idOrSlug}`) : Result.succeed(found)
}

const isMethod = (word: string): word is Method => methods.some((method) => method === word)

const isNumber = ({ type }: Variable): boolean => /^(?:INTEGER|INT64|FLOAT|FLOAT64)$/.test(type)

const readMethod = ({ id, variable }: Found, word: string): Result.Result<Method, string> => {
  const method = word.toLowerCase() === "default" ? variable.method : word.toUpperCase()
  if (method === null) return Result.fail(`variable ${id} has no aggregation of its own`)
  if (!isMethod(method)) return Result.fail(`unknown aggregation ${word}; there are ${methods.join(", ")}`)
  return (method === "SUM" || method === "AVG") && !isNumber(variable)
    ? Result.fail(`${method} needs numbers, and variable ${id} is ${variable.type}`)
    : Result.succeed(method)
}

type Words = string | ReadonlyArray<string> | null | undefined

/** What is asked for of one variable: its own member wins over the one for all. */
const wordsFor = ({ aggregation, type }: EnrichmentRequest, { id }: Found, own: Words): ReadonlyArray<string> => {
  const named = Predicate.isObject(aggregation)
    ? Object.entries(aggregation).find(([text]) => means(text, id))?.[1]
    : aggregation
  const words = own !== undefined ? own : named !== undefined ? named : type === "polygons" ? "default" : null
  return words === null ? [] : [words].flat()
}

const typeOf = ({ type }: Variable, method: Method | undefined): ColumnType =>
  method === "COUNT" ? "INTEGER" : method === "SUM" || method === "AVG" ? "FLOAT" : type

/** `area` as it is, `sum_area` where values become one. */
const output = (variable: Variable, method: Method | undefined): Output => ({
  name: method === undefined ? variable.name : `${method.toLowerCase()}_${variable.name}`,
  type: typeOf(variable, method),
  variable,
  method
})

/** The sources, or everything that is wrong. The request's variables and filters are looked up in the whole catalog. */
export const plan = (
  request: EnrichmentRequest,
  columns: ReadonlyArray<string>
): Result.Result<ReadonlyArray<Source>, ReadonlyArray<string>> => {
  const errors: Array<string> = []
  const taken = <A>(result: Result.Result<A, string>): ReadonlyArray<A> => {
    if (Result.isSuccess(result)) return [result.success]
    errors.push(result.failure)
    return []
  }

  const asked = request.variables.flatMap((one) => {
    const { aggregation, id } = Predicate.isString(one) ? { id: one, aggregation: undefined } : one
    return taken(findVariable(id)).map((found) => {
      const words = wordsFor(request, found, aggregation)
      const made = words.flatMap((word) => taken(readMethod(found, word)))
      return {
        found,
        outputs:
          words.length === 0
            ? [output(found.variable, undefined)]
            : made.map((method) => output(found.variable, method))
      }
    })
  })
  const filters = Object.entries(request.filters ?? {}).flatMap(([text, condition]) => {
    if (statements(`select ${condition}`).length !== 1) errors.push(`the filter on ${text} is not one condition`)
    return taken(findVariable(text)).map((found) => ({ ...found, condition }))
  })

  const named = Predicate.isObject(request.aggregation) ? Object.keys(request.aggregation) : []
  for (const id of named) taken(findVariable(id))

  const read = new Set(asked.map(({ found }) => found.dataset))
  for (const { dataset, id } of filters) {
    if (!read.has(dataset)) errors.push(`a filter on ${id} needs a variable of its dataset`)
  }
  const sources = [...read].map(
    (dataset): Source => ({
      dataset,
      outputs: asked.filter(({ found }) => found.dataset === dataset).flatMap(({ outputs }) => outputs),
      filters: filters.filter((one) => one.dataset === dataset)
    })
  )
  for (const { dataset, outputs } of sources) {
    if (new Set(outputs.map(({ method }) => method === undefined)).size > 1) {
      errors.push(`of the variables of ${dataset.id} all have to be aggregated, or none`)
    }
  }
  const names = [...columns, ...sources.flatMap(({ outputs }) => outputs.map(({ name }) => name))]
  for (const name of new Set(names.filter((name, i) => names.indexOf(name) !== i))) {
    errors.push(`there would be two columns ${name}`)
  }
  return errors.length === 0 ? Result.succeed(sources) : Result.fail(errors)
}
