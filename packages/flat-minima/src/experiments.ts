/** The experiments of this package, in the order of the report. */
import type { Experiment } from "@nonconvex/evidence"
import { flatIsSparse } from "./experiments/FlatIsSparse.ts"

export const experiments: ReadonlyArray<Experiment> = [flatIsSparse]
