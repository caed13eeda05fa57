/** The experiments of this package, in the order of the report. */
import type { Experiment } from "@nonconvex/evidence"
import { learningRates } from "./experiments/LearningRates.ts"

export const experiments: ReadonlyArray<Experiment> = [learningRates]
