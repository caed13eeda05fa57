/** Loader and logger of figures that load nothing and log nothing, and the picture as a file of its own. */
import type { Loader } from "vega"

const refuse = () => Promise.reject(new Error("a figure loads nothing"))

/** Results may come from a stranger: whatever a specification names outside itself is refused. */
export const nowhere = {
  load: refuse,
  sanitize: refuse,
  http: refuse,
  file: refuse,
} as unknown as Loader

/** A logger that says nothing. */
export const silent = {
  level: () => silent,
  error: () => silent,
  warn: () => silent,
  info: () => silent,
  debug: () => silent,
}

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
