/** Sharpness where the second moment of the measurements is the identity: its form, its least value, and the layers that attain it. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import { claim, Exact, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { balanced, Factorisation, isotropic } from "../../index.ts"
import { products } from "../../factorisation/Products.ts"
import * as Matrix from "../../internal/Matrix.ts"
import {
  distance,
  expand,
  instances,
  leastIsotropic,
  total,
  wideEnough,
} from "../support/Instances.ts"
import {
  around,
  entriesNear,
  type ExactMatrix,
  layersOf,
  multiply,
  squaredNorm,
  transpose,
} from "../support/ExactProducts.ts"
import { derived, recalled } from "../support/Paper.ts"
import { type Subject, matrixFactorization } from "../support/Subject.ts"
import { expandTwo, imbalance, twoLayers } from "../support/TwoLayers.ts"

/** `sum_j |S_j|_F^2 |P_(j-1)|_F^2`. */
const isotropicSharpness = (
  shape: Factorisation.Shape,
  x: Float64Array,
  kernels: Kernels.Kernels,
): number => {
  const { prefixes, suffixes, update } = products(shape, kernels)
  update(Factorisation.layers(shape, x))
  let sum = 0
  for (let j = 1; j <= shape.depth; j++) {
    sum += Vector.dot(suffixes[j]!, suffixes[j]!) * Vector.dot(prefixes[j - 1]!, prefixes[j - 1]!)
  }
  return sum
}

/** T for an isotropic design. */
const evenSharpness = (
  { layerSharpness }: Subject,
  { columns, rows, widths }: Factorisation.Shape,
  x: Float64Array,
  kernels: Kernels.Kernels,
): number => total(layerSharpness(isotropic(rows, columns, kernels), widths, x))

export const isotropicTrace = claim({
  id: "matrix-factorization/isotropic-trace",
  statement:
    "Where the second moment of the measurements is the identity, T = sum_j |S_j|_F^2 |P_(j-1)|_F^2.",
  source: derived("isotropic design"),
  subject: matrixFactorization,
  instances: instances(),
  value: (_entries: number): number => 1,
  margin: ({ instance, kernels, subject, value: scale }) => {
    const { shape, x } = expand(instance, kernels)
    return Margin.equal(
      scale(shape.rows * shape.columns) * evenSharpness(subject, shape, x, kernels),
      isotropicSharpness(shape, x, kernels),
      { relative: 1e-11 },
    )
  },
  exactly: ({ instance, kernels, subject, value: scale }) => {
    const { shape, x } = expand(instance, kernels)
    const found = scale(shape.rows * shape.columns) * evenSharpness(subject, shape, x, kernels)
    const terms = around(layersOf(shape, x)).map(({ after, before }) =>
      Exact.multiply(squaredNorm(after), squaredNorm(before)),
    )
    return Exact.near(Exact.computed(found), Exact.sum(...terms), { relative: 1e-11 })
  },
  controls: [
    {
      name: "entries that were not rescaled by the root of their number",
      value: (entries) => 1 / entries,
    },
  ],
})

export const isotropicLowerBound = claim({
  id: "matrix-factorization/isotropic-lower-bound",
  statement:
    "For an isotropic design every factorisation of M has T >= L (d_0 d_L)^(1/L) |M|_*^(2 (L-1)/L).",
  inFloatingPoint: "spectrum",
  source: recalled("induced regulariser"),
  subject: matrixFactorization,
  instances: instances(),
  margin: ({ instance, kernels, subject }) => {
    const { shape, x } = expand(instance, kernels)
    const least = leastIsotropic(shape, Factorisation.endToEnd(shape, x, kernels), kernels)
    return Margin.atLeast(evenSharpness(subject, shape, x, kernels), least, 1e-11)
  },
  controls: [
    {
      name: "a tenth more, at the flattest layers",
      margin: ({ instance, kernels, subject }) => {
        const { shape, widths, x } = expand(instance, kernels, wideEnough(instance.widths))
        const m = Factorisation.endToEnd(shape, x, kernels)
        const t = evenSharpness(subject, shape, subject.flattest(widths, m, kernels), kernels)
        return Margin.atLeast(t, 1.1 * leastIsotropic(shape, m, kernels), 1e-11)
      },
    },
  ],
})

/** The layers of least weight decay in place of the flattest. */
const withBalanced = (subject: Subject): Subject => ({
  ...subject,
  flattest: (widths, m, kernels) => balanced(Factorisation.shape(widths), m, kernels),
})

export const isotropicAttained = claim({
  id: "matrix-factorization/isotropic-attained",
  statement:
    "For an isotropic design the closed-form layers multiply to M and have T = L (d_0 d_L)^(1/L) |M|_*^(2 (L-1)/L).",
  inFloatingPoint: "spectrum",
  source: derived("flattest layers of an isotropic design, in closed form"),
  subject: matrixFactorization,
  instances: instances(),
  margin: ({ instance, kernels, subject }) => {
    const widths = wideEnough(instance.widths)
    const { shape, x } = expand(instance, kernels, widths)
    const m = Factorisation.endToEnd(shape, x, kernels)
    const flat = subject.flattest(widths, m, kernels)
    const t = evenSharpness(subject, shape, flat, kernels)
    return Margin.all(
      Margin.atMost(distance(Factorisation.endToEnd(shape, flat, kernels), m), 1e-10),
      Margin.equal(t, leastIsotropic(shape, m, kernels), { relative: 1e-10 }),
    )
  },
  controls: [{ name: "the balanced layers of weight decay", subject: withBalanced }],
})

export const isotropicBalance = claim({
  id: "matrix-factorization/isotropic-balance",
  statement:
    "In two layers the flattest ones for an isotropic design have d_0 W_2' W_2 = d_L W_1 W_1'.",
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
