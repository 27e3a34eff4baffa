/** Lists that the server gives page by page, for endpoints that no service of this package has. */
export { type Page, type Pages, pages as stream } from "./internal/pages.ts"
