/** The least sharpness of a product for one measurement. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Svd from "@nonconvex/numerics/Svd"
import { dense, sharpness } from "../../index.ts"
import * as Factorisation from "../../factorisation/Factorisation.ts"
import * as Theory from "../../theory/Theory.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { distance, normals, rotation, total } from "../support/Instances.ts"
import { recalled } from "../support/Paper.ts"
import { reversedLayers } from "../support/Transformations.ts"
import { flattestSingle } from "../../flatness/Flattest.ts"

/**
 * `(A'M)^(L-1) A'` has a condition number of at most that of A and M to the power `2 L - 1`. Singular values below 1e-12 of
 * the largest do not count, which leaves 21 of 50 in five layers.
 */
const largestCondition = (depth: number): number => Elementary.pow(8e11, 1 / (2 * depth - 1))

/** An invertible matrix whose singular values are spread evenly from 1 to `condition`, on a logarithmic scale. */
const conditioned = (n: number, condition: number, seed: Seed.Seed, kernels: Kernels.Kernels) => {
  const u = rotation(n, seed.child("U"))
  for (let i = 0; i < n; i++) {
    for (let j = 1; j < n; j++) u[i * n + j]! *= Elementary.pow(condition, j / (n - 1))
  }
  return Matrix.multiply(u, rotation(n, seed.child("V")), n, n, n, kernels)
}

type Value = typeof Theory.schattenPenalty

/** `L sum sigma^p` of `(A'M)^(L-1) A'`, for A and M rows x columns. */
const leastSingle = (
  shape: Factorisation.Shape,
  a: Float64Array,
  m: Float64Array,
  value: Value,
  kernels: Kernels.Kernels,
): number => {
  const { columns, depth, rows } = shape
  const transposed = Matrix.transpose(a, rows, columns)
  const step = Matrix.multiply(transposed, m, columns, rows, columns, kernels)
  let k = transposed
  for (let j = 1; j < depth; j++) k = Matrix.multiply(step, k, columns, columns, rows, kernels)
  return value(depth, Svd.singularValues(k, columns, rows, kernels))
}

/** `[m, more]` times the rotation q from the right; in the basis q, the first `size` columns of the result are m. */
const widened = (
  m: Float64Array,
  more: Float64Array,
  size: number,
  q: Float64Array,
  kernels: Kernels.Kernels,
) => {
  const columns = size + more.length / size
  const wide = new Float64Array(size * columns)
  for (let r = 0; r < size; r++) {
    wide.set(m.subarray(r * size, (r + 1) * size), r * columns)
    wide.set(more.subarray(r * (columns - size), (r + 1) * (columns - size)), r * columns + size)
  }
  return Matrix.multiply(wide, q, size, columns, columns, kernels)
}

/** The transposed layers in reverse order, under the transposed measurement. */
const backwards = (
  shape: Factorisation.Shape,
  x: Float64Array,
  a: Float64Array,
  kernels: Kernels.Kernels,
) => {
  const { columns, rows, widths } = shape
  const reversed = Factorisation.shape(widths.toReversed())
  const transposed = reversedLayers(shape, x)
  const matrices = Matrix.transpose(a, rows, columns)
  const design = dense({ rows: columns, columns: rows, matrices, kernels })
  return {
    shape: reversed,
    a: matrices,
    m: Factorisation.endToEnd(reversed, transposed, kernels),
    sharpness: total(sharpness(design, reversed).layers(transposed)),
  }
}

/** Tests whether layers without a width, or with half of one, are refused. */
const refusesWidths = (widths: ReadonlyArray<number>): boolean =>
  [0, 0.5].every((width) => {
    try {
      Factorisation.shape([...widths.slice(0, 1), width, ...widths.slice(1)])
    } catch (error) {
      return error instanceof InvalidInput
    }
    return false
  })

export const singleMeasurement = claim({
  id: "matrix-factorization/single-measurement",
  statement:
    "For one measurement A every factorisation of M has T >= L sum_k sigma_k((A'M)^(L-1) A')^(2/L), and for A and M of full rank, square and invertible or reduced to that, the closed form attains it.",
  inFloatingPoint: "spectrum",
  source: recalled("one measurement"),
  instances: Draw.record({
    size: Draw.integer(1, 4),
    depth: Draw.integer(2, 5),
    /** Condition number of A and of M, or the largest that 5 layers allow. */
    condition: Draw.logarithmic(1, 50),
    /** Columns of A and M beyond a square. */
    wider: Draw.integer(0, 3),
    seed: Draw.seed(),
  }),
  value: Theory.schattenPenalty,
  /**
   * A wide A = [A_0, 0] Q sees only the part of the first layer along the rows of A_0. So T is that of a factorisation of M_0,
   * where M = [M_0, M_1] Q. The rest of the first layer must equal what M_1 needs.
   */
  margin: ({ instance, kernels, value }) => {
    const { depth, seed, size, wider } = instance
    const condition = Math.min(instance.condition, largestCondition(depth))
    const root = Seed.root(seed)
    const columns = size + wider
    const q = rotation(columns, root.child("Q"))
    const a0 = conditioned(size, condition, root.child("A"), kernels)
    const m0 = conditioned(size, condition, root.child("M"), kernels)
    const a = widened(a0, new Float64Array(size * wider), size, q, kernels)
    const m = widened(m0, normals(root.child("rest"), size * wider), size, q, kernels)
    const square = Factorisation.uniformShape(size, size, depth)
    const parts = Factorisation.layers(
      square,
      flattestSingle(dense({ rows: size, columns: size, matrices: a0, kernels }), square, m0),
    )
    const shape = Factorisation.uniformShape(size, columns, depth)
    const rest = Matrix.multiply(Matrix.inverse(m0, size, kernels), m, size, size, columns, kernels)
    const first = Matrix.multiply(parts[0]!, rest, size, size, columns, kernels)
    const flat = Factorisation.join(shape, [first, ...parts.slice(1)])
    const flatness = sharpness(dense({ rows: size, columns, matrices: a, kernels }), shape)
    // another factorisation of another product, to which the bound must hold as well
    const x = normals(root.child("W"), shape.dimension)
    const other = leastSingle(shape, a, Factorisation.endToEnd(shape, x, kernels), value, kernels)
    const back = backwards(shape, x, a, kernels)
    return Margin.all(
      Margin.equal(total(flatness.layers(flat)), leastSingle(shape, a, m, value, kernels), {
        relative: 1e-8,
      }),
      Margin.atMost(distance(Factorisation.endToEnd(shape, flat, kernels), m), 1e-8),
      Margin.of("sharpness", Margin.atLeast(total(flatness.layers(x)), other, 1e-8)),
      Margin.holds(refusesWidths(shape.widths)),
      // a tall A is the transpose of a wide one
      Margin.atLeast(back.sharpness, leastSingle(back.shape, back.a, back.m, value, kernels), 1e-8),
    )
  },
  controls: [
    {
      name: "the exponent 2 / (L + 1)",
      value: (depth, values) =>
        depth * total(values.map((v) => Elementary.pow(v, 2 / (depth + 1)))),
    },
  ],
})
