import { claim, Margin } from "@nonconvex/evidence"
import * as Operator from "@nonconvex/numerics/Operator"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Theory from "../../theory/Theory.ts"
import { symmetric, traceOf } from "../support/Matrices.ts"
import { derived } from "../support/Paper.ts"
import { hutchinson } from "../support/Probes.ts"
import { rademacherVariance, spread, squareOf } from "../support/RademacherVariance.ts"

const probes = 2000

export const traceErrorBars = claim({
  id: "flat-minima/trace-error-bars",
  statement:
    "2,000 Rademacher, Gaussian or sphere probes estimate the trace within 6 standard errors, and report that error to 25 %.",
  inFloatingPoint: "statistical",
  source: derived("variances of the three probes"),
  instances: spread,
  value: 1,
  /**
   * The library's estimate is within 6 theoretical standard errors, and its error bar is within 25 %. For Gaussian chaos of
   * order two the false-alarm probability of a run is below 1e-6.
   */
  margin: ({ instance, kernels, value: factor }) => {
    const n = instance.dimension
    const h = symmetric(instance)
    const [square, trace] = [squareOf(h), traceOf(h, n)]
    const variance = {
      gaussian: () => Theory.probeVariance.gaussian(square),
      sphere: () => Theory.probeVariance.sphere(square, trace, n),
      rademacher: () => rademacherVariance(h, n),
    }[instance.probe]()
    const found = hutchinson(Operator.fromMatrix(h, n, n, kernels), {
      dimension: n,
      probes,
      probe: instance.probe,
      seed: Seed.root(instance.seed),
    })
    const error = Math.sqrt((factor * variance) / probes)
    return Margin.all(
      Margin.equal(found.estimate, trace, { absolute: 6 * error }),
      Margin.equal(found.standardError, error, { relative: 0.25 }),
    )
  },
  controls: [
    { name: "half of the variance", value: 0.5 },
    { name: "twice the variance", value: 2 },
  ],
})
