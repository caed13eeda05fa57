import type { Erratum } from "@nonconvex/evidence"

/** None: no statement, as recalled, was found false. */
export const errata: ReadonlyArray<Erratum> = []
