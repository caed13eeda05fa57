import type { Erratum } from "@nonconvex/evidence"

/** No printed statement was found to be false: the paper's text was not available. */
export const errata: ReadonlyArray<Erratum> = []
