import { claim, Margin } from "@nonconvex/evidence"
import * as Svd from "@nonconvex/numerics/Svd"
import * as Vector from "@nonconvex/numerics/Vector"
import { Factorisation } from "../../index.ts"
import * as Theory from "../../theory/Theory.ts"
import { expand, instances, wideEnough } from "../support/Instances.ts"
import { recalled } from "../support/Paper.ts"
import { balanced } from "../../flatness/Flattest.ts"

export const leastWeightDecay = claim({
  id: "matrix-factorization/least-weight-decay",
  statement:
    "Every factorisation of M has sum |W_j|_F^2 >= L sum sigma_k(M)^(2/L), and the balanced one attains it.",
  inFloatingPoint: "spectrum",
  source: recalled("contrast with weight decay"),
  instances: instances(),
  value: (_depth: number): number => 1,
  margin: ({ instance, kernels, value: factorOf }) => {
    const { shape, x } = expand(instance, kernels, wideEnough(instance.widths))
    const m = Factorisation.endToEnd(shape, x, kernels)
    const least =
      factorOf(shape.depth) *
      Theory.schattenPenalty(shape.depth, Svd.singularValues(m, shape.rows, shape.columns, kernels))
    const flat = balanced(shape, m, kernels)
    return Margin.all(
      Margin.of("squared norm of the layers", Margin.atLeast(Vector.dot(x, x), least, 1e-11)),
      Margin.equal(Vector.dot(flat, flat), least, { relative: 1e-11 }),
    )
  },
  controls: [{ name: "a factor of L forgotten", value: (depth) => 1 / depth }],
})
