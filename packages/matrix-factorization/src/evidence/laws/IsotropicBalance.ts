import { claim, Exact, Margin } from "@nonconvex/evidence"
import * as Matrix from "../../internal/Matrix.ts"
import {
  entriesNear,
  type ExactMatrix,
  layersOf,
  multiply,
  transpose,
} from "../support/ExactProducts.ts"
import { withBalanced } from "../support/IsotropicSharpness.ts"
import { derived } from "../support/Paper.ts"
import { matrixFactorization } from "../support/Subject.ts"
import { expandTwo, imbalance, twoLayers } from "../support/TwoLayers.ts"

export const isotropicBalance = claim({
  id: "matrix-factorization/isotropic-balance",
  statement:
    "In two layers, the flattest factorisations for an isotropic design have d_0 W_2' W_2 = d_L W_1 W_1'.",
  source: derived("balance at the optimum"),
  subject: matrixFactorization,
  instances: twoLayers,
  margin: ({ instance, kernels, subject }) => {
    const { m, shape } = expandTwo(instance)
    const { columns, rows, widths } = shape
    // the moments of an isotropic design
    const [left, right] = [Matrix.identity(rows, columns), Matrix.identity(columns, rows)]
    const flat = subject.flattest(widths, m, kernels)
    return Margin.atMost(imbalance(shape, flat, left, right, kernels), 1e-11)
  },
  exactly: ({ instance, kernels, subject }) => {
    const { m, shape } = expandTwo(instance)
    const [first, second] = layersOf(shape, subject.flattest(shape.widths, m, kernels))
    const times = (factor: number, { entries, ...size }: ExactMatrix): ExactMatrix => ({
      ...size,
      entries: entries.map((entry) => Exact.multiply(Exact.of(factor), entry)),
    })
    return entriesNear(
      times(shape.columns, multiply(transpose(second!), second!)),
      times(shape.rows, multiply(first!, transpose(first!))),
      Exact.of("1e-11"),
    )
  },
  controls: [
    {
      name: "the balance that gradient flow conserves, W_2' W_2 = W_1 W_1'",
      subject: withBalanced,
    },
  ],
})
