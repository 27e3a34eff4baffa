/** Addresses that the server reads itself; anything else is a file, a name or a query. */
export const isUrl = (text: string): boolean => /^(https?|ftp):\/\//i.test(text)
