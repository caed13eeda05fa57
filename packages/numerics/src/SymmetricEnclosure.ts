/** Eigenvalues of small symmetric matrices, each within an interval that is certain to hold it. */
import * as Interval from "./Interval.ts"
import * as Kernels from "./Kernels.ts"
import * as Require from "./Require.ts"
import * as SymmetricEigen from "./SymmetricEigen.ts"

type Entries = ReadonlyArray<Interval.Interval>

/** A B for square matrices, with A^T in place of A on request. */
const product = (a: Entries, b: Entries, n: number, isTransposed: boolean): Entries =>
  Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n]
    let sum = Interval.point(0)
    for (let k = 0; k < n; k++) {
      sum = Interval.add(
        sum,
        Interval.multiply(a[isTransposed ? k * n + i : i * n + k]!, b[k * n + j]!),
      )
    }
    return sum
  })

/** Bound on the norm of a symmetric matrix after removing `kept` from its diagonal: its largest row sum. */
const normWithout = (a: Entries, n: number, kept: (i: number) => Interval.Interval): number => {
  let most = 0
  for (let i = 0; i < n; i++) {
    let sum = Interval.point(0)
    for (let j = 0; j < n; j++) {
      const entry = a[i * n + j]!
      const left = i === j ? Interval.subtract(entry, kept(i)) : entry
      sum = Interval.add(sum, Interval.absolute(left))
    }
    most = Math.max(most, sum.high)
  }
  return most
}

const everything: Interval.Interval = { low: -Infinity, high: Infinity }

/**
 * Enclosures of all eigenvalues, ascending. The k-th holds the k-th smallest eigenvalue, copies counted, of every symmetric
 * matrix within the n x n entries, row-major. Numbers are taken as exact.
 *
 * With approximate eigenvectors V, the eigenvalues of V^T A V lie within the norm of its off-diagonal part of the sorted
 * diagonal (Weyl, the norm by rows as Gershgorin). They equal those of A times factors between the ends of the spectrum of
 * V^T V (Ostrowski 1959). All products are taken in intervals, so correctness does not depend on the accuracy of V. O(n^3)
 * interval operations. Throws InvalidInput as `SymmetricEigen.eigen` does.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Interval from "@nonconvex/numerics/Interval"
 * import * as Rational from "@nonconvex/numerics/Rational"
 * import * as SymmetricEnclosure from "@nonconvex/numerics/SymmetricEnclosure"
 *
 * const [, most] = SymmetricEnclosure.eigenvalues(Float64Array.of(2, 1, 1, 2), 2)
 * Interval.contains(most!, Rational.make(3n, 1n)) // => true
 * Interval.width(most!) < 1e-13 // => true
 * ```
 */
export const eigenvalues = (
  matrix: Float64Array | Entries,
  n: number,
  kernels: Kernels.Kernels = Kernels.standard(),
): Entries => {
  Require.length("SymmetricEnclosure.eigenvalues", "matrix", matrix.length, n * n)
  const a = Array.from<number | Interval.Interval, Interval.Interval>(matrix, (entry) =>
    typeof entry === "number" ? Interval.point(entry) : entry,
  )
  const middle = Float64Array.from(a, ({ high, low }) => low + (high - low) / 2)
  const { vectors } = SymmetricEigen.eigen(middle, n, kernels)
  // eigenvector j is row j of what comes back
  const v = Array.from({ length: n * n }, (_, at) =>
    Interval.point(vectors[(at % n) * n + Math.floor(at / n)]!),
  )
  const rotated = product(v, product(a, v, n, false), n, true)
  const skew = normWithout(product(v, v, n, true), n, () => Interval.point(1))
  if (!(skew < 1)) return a.slice(0, n).map(() => everything)
  const diagonal = Array.from({ length: n }, (_, i) => rotated[i * (n + 1)]!)
  const rest = normWithout(rotated, n, (i) => diagonal[i]!)
  const lows = diagonal.map(({ low }) => low).toSorted((x, y) => x - y)
  const highs = diagonal.map(({ high }) => high).toSorted((x, y) => x - y)
  const factor = Interval.add(Interval.point(1), Interval.make(-skew, skew))
  return lows.map((low, k) =>
    Interval.divide(
      Interval.add(Interval.make(low, highs[k]!), Interval.make(-rest, rest)),
      factor,
    ),
  )
}
