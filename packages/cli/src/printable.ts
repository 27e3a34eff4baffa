/** Text of the server or of a table, made safe to show on a terminal. */

// C0 but tab and newline, DEL, C1, and the marks that turn the direction of text around.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** Takes out what could move the cursor, set colours, or answer in the user's name; keeps lines. */
export const printable = (text: string): string => text.replace(/\r\n?/g, "\n").replace(controls, "")

/** Like `printable`, on one line: tabs and newlines become spaces. */
export const printableLine = (text: string): string => printable(text).replace(/[\t\n\u2028\u2029]+/g, " ")
