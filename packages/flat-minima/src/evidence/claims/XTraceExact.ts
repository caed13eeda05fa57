import { claim } from "@nonconvex/evidence"
import * as Trace from "@nonconvex/numerics/Trace"
import { exactFor, hutchinson, lowRank } from "../support/LowRankTraces.ts"
import { derived } from "../support/Paper.ts"

export const xTraceExact = claim({
  id: "flat-minima/x-trace-exact",
  statement:
    "XTrace is exact if the rank is below half of its number of products, where the usual formula inverts a singular factor and gives NaN.",
  inFloatingPoint: "spectrum",
  source: derived("the range of the sketch is the same without any of its probes"),
  instances: lowRank,
  value: Trace.xTrace,
  margin: ({ instance, kernels, value: estimator }) =>
    exactFor(instance, { kernels }, 2 * instance.rank + 4, estimator),
  controls: [
    {
      name: "a sketch of two vectors",
      margin: ({ instance, kernels }) =>
        exactFor({ ...instance, rank: 4 }, { kernels }, 4, Trace.xTrace),
    },
    { name: "Hutchinson at the same cost", value: hutchinson },
  ],
})
