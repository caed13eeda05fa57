/** A picture for a file of its own: on white, with colours that need no page. */
export const standalone = (svg: string): string =>
  svg
    .replaceAll(/var\(--[\w-]+, ([^)]+)\)/g, "$1")
    .replace(/<svg[^>]*>/, (opening) => `${opening}<rect width="100%" height="100%" fill="#fff"/>`)
