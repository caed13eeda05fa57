import { claim } from "@nonconvex/evidence"
import * as Trace from "@nonconvex/numerics/Trace"
import { exactFor, hutchinson, lowRank } from "../support/LowRankTraces.ts"
import { derived } from "../support/Paper.ts"

export const hutchPlusPlusExact = claim({
  id: "flat-minima/hutch-plus-plus-exact",
  statement: "Hutch++ is exact if the rank is at most a third of its number of products.",
  inFloatingPoint: "spectrum",
  source: derived("the sketch then spans the range"),
  instances: lowRank,
  value: Trace.hutchPlusPlus,
  margin: ({ instance, kernels, value: estimator }) =>
    exactFor(instance, { kernels }, 3 * instance.rank + 3, estimator),
  controls: [
    {
      name: "a sketch of two vectors",
      margin: ({ instance, kernels }) =>
        exactFor({ ...instance, rank: 4 }, { kernels }, 6, Trace.hutchPlusPlus),
    },
    { name: "Hutchinson at the same cost", value: hutchinson },
  ],
})
