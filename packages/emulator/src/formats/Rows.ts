/** Rows as JSON objects: the columns a client sees and how each cell is written. */
import type { Field } from "../Database.ts"
import { type Descriptor, describe } from "./fields.ts"
import { toJson } from "./jsonValue.ts"
import type { TypeCatalog } from "./TypeCatalog.ts"

/** The columns of one result set. A name that stands twice is one column with the last one's values. */
export interface Rows {
  readonly names: ReadonlyArray<string>
  readonly descriptors: Readonly<Record<string, Descriptor>>
  /** `{"a":1,"b":null}` */
  readonly toJson: (cells: ReadonlyArray<string | null>) => string
}

/** Plans the writing of a result set without the given columns. */
export const make = (catalog: TypeCatalog, fields: ReadonlyArray<Field>, skip: ReadonlySet<string>): Rows => {
  const columns = new Map<string, { readonly index: number; readonly field: Field }>()
  fields.forEach((field, index) => {
    if (!skip.has(field.name)) columns.set(field.name, { index, field })
  })
  const writers = [...columns].map(([name, { field, index }], position) => ({
    prefix: `${position === 0 ? "" : ","}${JSON.stringify(name)}:`,
    index,
    write: toJson(catalog.get(field.typeOid))
  }))
  return {
    names: [...columns.keys()],
    descriptors: Object.fromEntries([...columns].map(([name, { field }]) => [name, describe(catalog, field)])),
    toJson: (cells) => {
      let text = "{"
      for (const { index, prefix, write } of writers) {
        const cell = cells[index] ?? null
        text += cell === null ? `${prefix}null` : prefix + write(cell)
      }
      return `${text}}`
    }
  }
}
