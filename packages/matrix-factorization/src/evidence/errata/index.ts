import type { Erratum } from "@nonconvex/evidence"

/** None were found. */
export const errata: ReadonlyArray<Erratum> = []
