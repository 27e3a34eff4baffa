/** What came in place of JSON, for people: a page of a proxy, nothing at all, or a part. */
import { readErrorBody } from "./errorBody.ts"

/** Undefined for JSON of whatever shape. */
export const notJson = (body: string): string | undefined => {
  const { message, shape } = readErrorBody(body)
  switch (shape) {
    case "blank":
      return "the answer is empty"
    case "html":
      return pageFor("JSON", message)
    case "text":
      return "the answer is not JSON, or cut off"
    case "json":
      return undefined
  }
}

/** A page of a proxy, or a login form, where `wanted` was to come, with what it says. */
export const pageFor = (wanted: string, message: string): string =>
  [`a page came in place of ${wanted}`, message].filter((text) => text !== "").join(": ")
