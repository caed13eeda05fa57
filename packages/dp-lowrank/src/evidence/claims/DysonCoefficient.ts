import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as EigenvalueGaps from "../../eigenvalues/EigenvalueGaps.ts"
import * as GapLaws from "../../theory/GapLaws.ts"
import { coefficientOf, fields, gapSquareMargin } from "../support/DysonGap.ts"
import { corrected } from "../support/Paper.ts"
import { streamOf } from "../support/Structures.ts"

const sampled = Draw.record({ ...fields, seed: Draw.seed() })

type Sampled = Draw.Drawn<typeof sampled>

/** Mean of gap^2 = (a - b)^2 + 4 |z|^2 over matrices, within seven standard errors. */
const matrixMargin = ({ beta, m, seed, variance }: Sampled): Margin.Comparison => {
  const n = 2000
  const stream = streamOf(seed, "matrices")
  let mean = 0
  for (let k = 0; k < n; k++) {
    const motion = EigenvalueGaps.matrixMotion(Float64Array.of(m, 0), beta)
    EigenvalueGaps.move(motion, variance, stream)
    const { im, re } = motion
    mean += (Elementary.square(re[0]! - re[3]!) + 4 * (re[1]! * re[1]! + im[1]! * im[1]!)) / n
  }
  // gap^2 / 8 T is noncentral chi-square
  const deviation = 8 * variance * Math.sqrt(2 * (beta + 1) + (m * m) / (2 * variance))
  return Margin.equal(mean, GapLaws.meanSquareGapOfTwo(beta, m, variance), {
    absolute: (7 * deviation) / Math.sqrt(n),
  })
}

export const dysonCoefficient = claim({
  id: "dp-lowrank/dyson-coefficient",
  statement:
    "With B = W + W^* the drift of the eigenvalues has coefficient 2 beta, as in the flow. Only this coefficient gives E gap^2 = m^2 + 8 (beta + 1) T for matrices at d = 2.",
  inFloatingPoint: "statistical",
  source: corrected("equation (4)"),
  instances: sampled,
  margin: ({ instance }) =>
    Margin.all(
      Margin.equal(coefficientOf(instance), 2 * instance.beta, { relative: 1e-9 }),
      gapSquareMargin(instance, coefficientOf(instance)),
      matrixMargin(instance),
    ),
  controls: [
    {
      name: "beta, as printed",
      margin: ({ instance }) => gapSquareMargin(instance, instance.beta),
    },
  ],
})
