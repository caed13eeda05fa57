/** Words of a stranger in a message: in quotes, on one line, and not without end. */

/** A cell or a name in quotes for a message: cells may hold line breaks and kilobytes, and a message is one line. */
export const quote = (text: string): string =>
  JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text)

/** Names in quotes for a message: the first dozen, and how many more. */
export const listOf = (names: ReadonlyArray<string>): string =>
  names.slice(0, 12).map(quote).join(", ") +
  (names.length > 12 ? ` and ${names.length - 12} more` : "")
