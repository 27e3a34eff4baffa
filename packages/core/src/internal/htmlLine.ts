/** Texts of import errors are HTML with links (platform reference, §3); people read them in terminals. */
import { oneLine, stripTags } from "./errorBody.ts"

/** Without tags, entities and control characters, and without the blank that a tag leaves before a full stop. */
export const htmlLine = (html: string): string => oneLine(stripTags(html)).replace(/ (?=[.,;:!?)](\s|$))/g, "")
