/** An SVG picture as a file of its own: on white, with colours that do not depend on a page. */
export const standalone = (svg: string): string =>
  svg
    .replaceAll(/var\(--[\w-]+, ([^)]+)\)/g, "$1")
    .replace(/<svg[^>]*>/, (opening) => `${opening}<rect width="100%" height="100%" fill="#fff"/>`)
