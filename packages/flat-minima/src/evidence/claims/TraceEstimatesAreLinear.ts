import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Operator from "@nonconvex/numerics/Operator"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { symmetric } from "../support/Matrices.ts"
import { derived } from "../support/Paper.ts"
import { hutchinson, type Probe } from "../support/Probes.ts"

const shifted = (probe: Probe, more: Probe) =>
  Draw.record({
    dimension: Draw.integer(2, 12),
    seed: Draw.seed(),
    probe: Draw.oneOf(probe, more),
    shift: Draw.linear(1, -5),
  })

export const traceEstimatesAreLinear = claim({
  id: "flat-minima/trace-estimates-are-linear",
  statement:
    "With common probes estimates are linear in the operator, and adding tau I adds exactly tau d for Rademacher and sphere probes.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("|z|^2 = d")),
  instances: shifted("rademacher", "sphere"),
  margin: ({ instance, kernels }) => {
    const n = instance.dimension
    const h = symmetric(instance)
    const k = symmetric({ ...instance, seed: instance.seed ^ 0x5555 })
    const estimateOf = (a: number, b: number, shift: number) => {
      const sum = h.map((value, i) => a * value + b * k[i]!)
      for (let i = 0; i < n; i++) sum[i * n + i]! += shift
      return hutchinson(Operator.fromMatrix(sum, n, n, kernels), {
        dimension: n,
        probes: 3,
        probe: instance.probe,
        seed: Seed.root(instance.seed),
      }).estimate
    }
    const scale = 1e-12 * (1 + Math.abs(instance.shift)) * (Vector.norm(h) + Vector.norm(k)) * n
    return Margin.all(
      Margin.equal(estimateOf(2, -3, 0), 2 * estimateOf(1, 0, 0) - 3 * estimateOf(0, 1, 0), {
        absolute: 10 * scale,
      }),
      Margin.equal(estimateOf(1, 0, instance.shift), estimateOf(1, 0, 0) + n * instance.shift, {
        absolute: scale,
      }),
    )
  },
  controls: [{ name: "Gaussian probes", instances: shifted("gaussian", "gaussian") }],
})
