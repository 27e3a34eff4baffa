/** What came in place of JSON, for people: a page of a proxy, nothing at all, or a part. */
import { readErrorBody } from "./errorBody.ts"

/** Undefined for JSON of whatever shape. */
export const notJson = (body: string): string | undefined => {
  const { message, shape } = readErrorBody(body)
  switch (shape) {
    case "blank":
      return "the answer is empty"
    case "html":
      return message === "" ? "a page came in place of JSON" : `a page came in place of JSON: ${message}`
    case "text":
      return "the answer is not JSON, or cut off"
    case "json":
      return undefined
  }
}
