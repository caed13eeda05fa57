/** The experiments of this package. */
import type { Experiment } from "@nonconvex/evidence"

export const experiments: ReadonlyArray<Experiment> = []
