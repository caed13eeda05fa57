/** The two halves of the gradient of a squared loss of a product of matrices. */
import { invalid } from "../InvalidInput.ts"
import * as Require from "../Require.ts"
import * as Check from "./Check.ts"
import type { Engine } from "./Engine.ts"
import * as Chain from "./reference/Chain.ts"
import * as Residual from "./reference/Residual.ts"

export interface ChainKernels {
  /**
   * The products P_j = W_j ... W_1 for j from 2 on, one after the other. `widths` are d_0, d_1, ..., d_L. W_j is d_j x d_(j-1),
   * and x holds W_1, W_2, ..., W_L. Throws InvalidInput on wrong lengths and on `products` that overlap x, ArenaFull where copies
   * do not fit.
   */
  readonly chain: (widths: Int32Array, x: Float64Array, products: Float64Array) => void
  /**
   * Gradient of a function of the product with respect to all W_j. `products` come from `chain`. `backs` has their shape,
   * and its last part holds the gradient with respect to P_L (for a single matrix that is already the result). The other
   * parts are overwritten. Throws as chain.
   */
  readonly chainGradient: (
    widths: Int32Array,
    x: Float64Array,
    products: Float64Array,
    backs: Float64Array,
    gradient: Float64Array,
  ) => void
  /**
   * residual_k = <row_k, x> - targets_k and out = alpha sum_k residual_k row_k, where row_k is row `rows[k]` of A, or row k where
   * that is undefined. A has rows of n numbers; each is read once. Throws InvalidInput on wrong lengths, on rows that A does not
   * have, and on outputs that overlap anything.
   */
  readonly residualGradient: (
    n: number,
    a: Float64Array,
    rows: Uint32Array | undefined,
    x: Float64Array,
    targets: Float64Array,
    alpha: number,
    residual: Float64Array,
    out: Float64Array,
  ) => void
}

/** Below this many numbers in the chain the plain loops are faster than a call with its copies. */
const small = 32

export const chainKernels = (engine: Engine): ChainKernels => ({
  chain: chain(engine),
  chainGradient: chainGradient(engine),
  residualGradient: residualGradient(engine),
})

/** Requires widths of matrices, and that layers and products have the numbers that they need. */
const requireShape = (operation: string, widths: Int32Array, layers: number, products: number) => {
  let parameters = 0
  let later = 0
  for (let j = 1; j < widths.length; j++) {
    parameters += widths[j]! * widths[j - 1]!
    if (j > 1) later += widths[j]! * widths[0]!
    if (widths[j]! < 1)
      invalid(operation, "widths must be at least 1", { [`widths[${j}]`]: widths[j]! })
  }
  if (widths.length < 2 || widths[0]! < 1) {
    invalid(operation, "widths must be two or more numbers of at least 1", {
      widths: widths.length,
    })
  }
  Require.length(operation, "x", layers, parameters)
  Require.length(operation, "products", products, later)
}

const chain =
  ({ exports: wasm, staging }: Engine): ChainKernels["chain"] =>
  (widths, x, products) => {
    const operation = "Kernels.chain"
    requireShape(operation, widths, x.length, products.length)
    Check.apart(operation, "products and x", products, x)
    if (wasm === undefined || x.length < small) return Chain.chain(widths, x, products)
    try {
      const px = staging.input(x)
      const to = staging.output(products, false)
      wasm.chain(widths.length - 1, staging.integers(widths), px, to, 0)
      staging.back(products, to)
    } finally {
      staging.end()
    }
  }

const chainGradient =
  ({ exports: wasm, staging }: Engine): ChainKernels["chainGradient"] =>
  (widths, x, products, backs, gradient) => {
    const operation = "Kernels.chainGradient"
    requireShape(operation, widths, x.length, products.length)
    Require.length(operation, "backs", backs.length, products.length)
    Require.length(operation, "gradient", gradient.length, x.length)
    Check.apart(operation, "gradient and x", gradient, x)
    Check.apart(operation, "gradient and products", gradient, products)
    Check.apart(operation, "gradient and backs", gradient, backs)
    Check.apart(operation, "backs and x", backs, x)
    Check.apart(operation, "backs and products", backs, products)
    if (wasm === undefined || x.length < small) {
      return Chain.chainGradient(widths, x, products, backs, gradient)
    }
    try {
      const px = staging.input(x)
      const pp = staging.input(products)
      const pb = staging.output(backs, true)
      // a chain of one matrix leaves its gradient as it is
      const to = staging.output(gradient, widths.length === 2)
      wasm.chainGradient(widths.length - 1, staging.integers(widths), px, pp, pb, to, 0)
      staging.back(backs, pb)
      staging.back(gradient, to)
    } finally {
      staging.end()
    }
  }

const evaluateBy =
  ({ arena, exports: wasm, staging }: Engine): typeof Residual.residualGradient =>
  (m, n, a, rows, x, targets, alpha, residual, out) => {
    // copies of all of A would cost more than the work
    if (wasm === undefined || !arena.holds(a)) {
      return Residual.residualGradient(m, n, a, rows, x, targets, alpha, residual, out)
    }
    try {
      const at = rows === undefined ? 0 : staging.integers(rows)
      const px = staging.input(x)
      const pt = staging.input(targets)
      const pr = staging.output(residual, false)
      const to = staging.output(out, false)
      const count = residual.length
      const missing = wasm.residualGradient(m, n, a.byteOffset, count, at, px, pt, alpha, pr, to)
      if (missing < 0) {
        staging.back(residual, pr)
        staging.back(out, to)
      }
      return missing
    } finally {
      staging.end()
    }
  }

const residualGradient = (engine: Engine): ChainKernels["residualGradient"] => {
  const evaluate = evaluateBy(engine)
  return (n, a, rows, x, targets, alpha, residual, out) => {
    const operation = "Kernels.residualGradient"
    const count = residual.length
    Check.dimensions(operation, count, n)
    Require.length(operation, "x", x.length, n)
    Require.length(operation, "out", out.length, n)
    Require.array(operation, "targets", targets, count)
    Require.length(operation, "rows", rows === undefined ? count : rows.length, count)
    const m = n === 0 ? count : a.length / n
    if (!Number.isInteger(m))
      invalid(operation, "a must hold whole rows", { "a.length": a.length, n })
    if (rows === undefined) Require.length(operation, "a", a.length, count * n)
    Check.apart(operation, "residual and a", residual, a)
    Check.apart(operation, "residual and x", residual, x)
    Check.apart(operation, "residual and targets", residual, targets)
    Check.apart(operation, "out and a", out, a)
    Check.apart(operation, "out and x", out, x)
    Check.apart(operation, "out and targets", out, targets)
    Check.apart(operation, "out and residual", out, residual)
    const missing = evaluate(m, n, a, rows, x, targets, alpha, residual, out)
    if (missing >= 0) {
      invalid(operation, "every index must be a row of A", {
        index: missing,
        row: rows![missing]!,
        rows: m,
      })
    }
  }
}
