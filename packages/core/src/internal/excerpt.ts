/** The beginning of an answer's body, as an error shows it. */

const shown = 500

/** A key must not be cut before it is taken out: what could be half of one is left off. */
export const excerpt = (body: string, clean: (text: string) => string): string =>
  clean(body.slice(0, 4 * shown)).slice(0, shown)
