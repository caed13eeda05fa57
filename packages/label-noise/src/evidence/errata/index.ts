import type { Erratum } from "@nonconvex/evidence"

/** No printed statement was found to be false: the paper's text was not at hand. */
export const errata: ReadonlyArray<Erratum> = []
