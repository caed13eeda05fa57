/**
 * A picture for a file of its own: on white, with colours that need no page.
 *
 * @example
 * ```ts import.meta.vitest
 * import { standalone } from "@nonconvex/figures/drawing"
 *
 * const svg = standalone('<svg><path fill="var(--blue, #00f)"/></svg>')
 * svg // => '<svg><rect width="100%" height="100%" fill="#fff"/><path fill="#00f"/></svg>'
 * ```
 */
export const standalone = (svg: string): string =>
  svg
    .replaceAll(/var\(--[\w-]+, ([^)]+)\)/g, "$1")
    .replace(/<svg[^>]*>/, (opening) => `${opening}<rect width="100%" height="100%" fill="#fff"/>`)
