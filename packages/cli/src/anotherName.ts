/** Whether the server gave another name than was asked for, for the end of a command's last line. */
export const anotherName = (asked: string | undefined, name: string): string =>
  asked === undefined || asked === name ? "" : `; the server made this name of ${JSON.stringify(asked)}`
