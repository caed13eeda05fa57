/** Loader and logger of figures that load nothing and log nothing. */
import type { Loader } from "vega"

const refuse = () => Promise.reject(new Error("a figure loads nothing"))

const logger = {
  level: () => logger,
  error: () => logger,
  warn: () => logger,
  info: () => logger,
  debug: () => logger,
}

/** Options of a view without files, network or output: results may come from an untrusted source, so a specification loads nothing outside itself. */
export const isolated = {
  logger,
  loader: { load: refuse, sanitize: refuse, http: refuse, file: refuse } as unknown as Loader,
}
