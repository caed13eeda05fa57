/** The experiments of this package, in the order of the report. */
import type { Experiment } from "@nonconvex/evidence"
import { accuracy } from "./experiments/Accuracy.ts"
import { fashionMnist } from "./experiments/FashionMnist.ts"
import { flatIsSparse } from "./experiments/FlatIsSparse.ts"
import { batchSize, gain } from "./experiments/Rates.ts"

export const experiments: ReadonlyArray<Experiment> = [
  flatIsSparse,
  accuracy,
  gain,
  batchSize,
  fashionMnist,
]
