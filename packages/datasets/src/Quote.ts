/** Untrusted text in a message: quoted, on one line, and shortened. */

/** Quotes a cell or a name for a message, since cells may hold line breaks and kilobytes. */
export const quote = (text: string): string =>
  JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text)

/** Names in quotes for a message: the first dozen, and how many more. */
export const listOf = (names: ReadonlyArray<string>): string =>
  names.slice(0, 12).map(quote).join(", ") +
  (names.length > 12 ? ` and ${names.length - 12} more` : "")
