/** The experiments of this package, in the order of the report. */
import type { Experiment } from "@nonconvex/evidence"
import { collapse } from "./experiments/Collapse.ts"
import { finiteStep } from "./experiments/FiniteStep.ts"

export const experiments: ReadonlyArray<Experiment> = [collapse, finiteStep]
