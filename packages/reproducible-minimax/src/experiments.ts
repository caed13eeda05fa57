/** The experiments of this package, in the order of the report. */
import type { Experiment } from "@nonconvex/evidence"

export const experiments: ReadonlyArray<Experiment> = []
