/** Names of the files that hold claims, errata and experiments. */

/** The name of the file of an id, without its folder and its ending. */
export const ofId = (id: string): string =>
  id
    .slice(id.indexOf("/") + 1)
    .split("-")
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("")
