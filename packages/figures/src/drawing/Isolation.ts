/** Loader and logger of figures that load nothing and log nothing. */
import type { Loader } from "vega"

const refuse = () => Promise.reject(new Error("a figure loads nothing"))

/** Results may come from a stranger: whatever a specification names outside itself is refused. */
export const nowhere = {
  load: refuse,
  sanitize: refuse,
  http: refuse,
  file: refuse,
} as unknown as Loader

/** A logger without output. */
export const silent = {
  level: () => silent,
  error: () => silent,
  warn: () => silent,
  info: () => silent,
  debug: () => silent,
}
