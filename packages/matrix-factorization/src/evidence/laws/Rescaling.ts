import { claim, Exact, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Factorisation from "../../factorisation/Factorisation.ts"
import { entriesNear, largest, sharpnessOf, smallest } from "../support/ExactProducts.ts"
import { distance, expand, type Expanded, instances, spread, total } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import { matrixFactorization } from "../support/Subject.ts"
import { mapLayers } from "../support/Transformations.ts"

/** The product of the norms of all layers but the j-th, counted from 1; of all for j = 0. */
const normsWithout = (shape: Factorisation.Shape, x: Float64Array, j: number): number =>
  Factorisation.layers(shape, x).reduce(
    (product, part, k) => (k + 1 === j ? product : product * Vector.norm(part)),
    1,
  )

/**
 * Bounds the effect of rounding on `T_j` and the product, relative to the `T_j` that moves most and to the largest entry, to
 * first order. Each is a sum of products. After m roundings it is off by m units of rounding times the same sum of absolute
 * values (Higham 2002, chapter 3). These are at most `(1/n) sum_i |A_i|^2` times the squared norms of all layers but W_j, and the
 * norms of all. Factors with product 1 change neither quotient.
 */
const roundingOf = (
  { measurements, shape, x }: Expanded,
  sharpness: Float64Array,
  product: Float64Array,
): { readonly sharpness: number; readonly product: number } => {
  const { columns, depth, rows, widths } = shape
  const unit = 2 ** -53
  const norms = measurements.norms()
  const design = Vector.dot(norms, norms) / measurements.count
  const inner = total(Float64Array.from(widths))
  // S_j and P_(j-1) enter squared; then their Gram matrices, the moment of one, and the sum over the other
  const roundings = 3 * inner + 2 * columns + measurements.count + rows * rows
  const relative = Float64Array.from({ length: depth }, (_, k) => {
    const bound = design * Elementary.square(normsWithout(shape, x, k + 1))
    return (roundings * unit * bound) / sharpness[k]!
  })
  return {
    sharpness: Math.max(...relative),
    product: (inner * unit * normsWithout(shape, x, 0)) / Vector.maxAbs(product),
  }
}

export const rescaling = claim({
  id: "matrix-factorization/rescaling",
  statement:
    "Factors c_j^2 = T_j / (T_1 ... T_L)^(1/L) keep the product, make all T_j equal and their sum equal to L (T_1 ... T_L)^(1/L), for any measurements.",
  source: derived("the best factor for each layer"),
  tight:
    "the sum falls by the arithmetic less the geometric mean of the T_j, which is 0 where they are equal; in large products of random layers they are nearly so",
  subject: matrixFactorization,
  instances: instances(),
  margin: ({ instance, kernels, subject }) => {
    const expanded = expand(instance, kernels)
    const { measurements, shape, widths, x } = expanded
    const before = subject.layerSharpness(measurements, widths, x)
    const flat = subject.rescale(measurements, widths, x)
    const after = subject.layerSharpness(measurements, widths, flat)
    const geometric = Elementary.exp(total(before.map(Elementary.log)) / shape.depth)
    const product = Factorisation.endToEnd(shape, x, kernels)
    const rounding = roundingOf(expanded, before, product)
    // of a T_j that is nothing but rounding no root can be taken
    if (!(rounding.sharpness < 1e-2)) return Margin.holds(true)
    return Margin.all(
      Margin.atMost(
        distance(Factorisation.endToEnd(shape, flat, kernels), product),
        1e-11 + 2 * rounding.product,
      ),
      // two T_j, each off before, in its factor, and after
      Margin.atMost(spread(after), 1e-11 + 4 * rounding.sharpness),
      Margin.atMost(total(after), total(before), 1e-12 + 4 * rounding.sharpness),
      // what factors with product 1 leave alone
      Margin.equal(total(after), shape.depth * geometric, {
        relative: 1e-11 + 4 * rounding.sharpness,
      }),
    )
  },
  exactly: ({ instance, kernels, subject }) => {
    const expanded = expand(instance, kernels)
    const { measurements, shape, widths, x } = expanded
    const product = Factorisation.endToEnd(shape, x, kernels)
    const told = subject.layerSharpness(measurements, widths, x)
    const rounding = roundingOf(expanded, told, product)
    if (!(rounding.sharpness < 1e-2)) return Exact.equal(Exact.zero, Exact.zero)
    const before = sharpnessOf(measurements, shape, x)
    const after = sharpnessOf(measurements, shape, subject.rescale(measurements, widths, x))
    const [from, to] = [before, after].map(({ sharpness }) => Exact.sum(...sharpness))
    const more = (share: number, value: Exact.Value) =>
      Exact.multiply(Exact.add(Exact.one, Exact.of(share + 4 * rounding.sharpness)), value)
    const root = { numerator: 1n, denominator: BigInt(shape.depth) }
    const geometric = Exact.power(Exact.product(...before.sharpness), root)
    return Exact.worst(
      entriesNear(after.product, before.product, Exact.of(1e-11 + 2 * rounding.product)),
      Exact.atMost(largest(after.sharpness), more(1e-11, smallest(after.sharpness))),
      Exact.atMost(to!, more(1e-12, from!)),
      Exact.near(to!, Exact.multiply(Exact.of(shape.depth), geometric), {
        relative: 1e-11 + 4 * rounding.sharpness,
      }),
    )
  },
  controls: [
    {
      name: "every factor the other way",
      subject: (subject) => ({
        ...subject,
        rescale: (measurements, widths, x) => {
          const shape = Factorisation.shape(widths)
          const flat = Factorisation.layers(shape, subject.rescale(measurements, widths, x))
          return mapLayers(shape, x, (part, j) => {
            const size = Vector.norm(flat[j - 1]!)
            return part.map((value) => (value * Vector.norm(part)) / size)
          })
        },
      }),
    },
  ],
})
