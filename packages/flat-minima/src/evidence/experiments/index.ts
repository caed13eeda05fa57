/** The experiments of this package, in the order of the report. */
import type { Experiment } from "@nonconvex/evidence/Experiment"
import { accuracy } from "./Accuracy.ts"
import { batchSize } from "./BatchSize.ts"
import { escapeFromABadMinimum } from "./EscapeFromABadMinimum.ts"
import { fashionMnist } from "./FashionMnist.ts"
import { flatIsSparse } from "./FlatIsSparse.ts"
import { fromABadMinimum } from "./FromABadMinimum.ts"
import { gain } from "./Gain.ts"

export const experiments: ReadonlyArray<Experiment> = [
  flatIsSparse,
  accuracy,
  gain,
  batchSize,
  fashionMnist,
  fromABadMinimum,
  escapeFromABadMinimum,
]
