import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Constants from "./Constants.ts"
import { lazy } from "./internal/Lazy.ts"
import type { Described, Objective } from "./Objective.ts"
import * as Orthonormal from "./internal/Orthonormal.ts"
import * as Rows from "./internal/Rows.ts"
import * as Spectrum from "./internal/Spectrum.ts"

/** `(x - minimiser)^T H (x - minimiser) / 2`; if H is not semidefinite, the minimiser is only a critical point. */
export interface Quadratic extends Described {
  readonly minimiser: Float64Array
  /** Eigenvalues of H: in the order given to `quadratic`, ascending from `quadraticFromMatrix`. */
  readonly spectrum: Float64Array
  readonly hessianVector: NonNullable<Objective["hessianVector"]>
}

const minimum = Constants.exact(0, "attained at the minimiser")

type Multiply = (v: Float64Array, out: Float64Array) => void

const make = (
  multiply: Multiply,
  minimiser: Float64Array,
  spectrum: () => Float64Array,
  constants: () => Constants.Constants,
): Quadratic => {
  const dimension = minimiser.length
  const offset = new Float64Array(dimension)
  const valueAndGradient: Objective["valueAndGradient"] = (x, gradient) => {
    for (let i = 0; i < dimension; i++) offset[i] = x[i]! - minimiser[i]!
    multiply(offset, gradient)
    return 0.5 * Rows.dot(gradient, 0, offset)
  }
  return {
    name: "quadratic",
    dimension,
    minimiser,
    get spectrum() {
      return spectrum()
    },
    get constants() {
      return constants()
    },
    valueAndGradient,
    hessianVector: (_, v, out) => multiply(v, out),
  }
}

const dense =
  (h: Float64Array, n: number): Multiply =>
  (v, out) => {
    for (let i = 0; i < n; i++) out[i] = Rows.dot(h, i * n, v)
  }

const diagonal =
  (spectrum: Float64Array): Multiply =>
  (v, out) => {
    for (let i = 0; i < spectrum.length; i++) out[i] = spectrum[i]! * v[i]!
  }

/** `Q diag(spectrum) Q^T`, exactly symmetric. */
const assemble = (spectrum: Float64Array, basis: Float64Array): Float64Array => {
  const n = spectrum.length
  const h = new Float64Array(n * n)
  const scaled = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) scaled[k] = basis[i * n + k]! * spectrum[k]!
    for (let j = 0; j <= i; j++) h[i * n + j] = h[j * n + i] = Rows.dot(basis, j * n, scaled)
  }
  return h
}

const center = (operation: string, minimiser: Float64Array | undefined, n: number) => {
  if (minimiser === undefined) return new Float64Array(n)
  Require.vector(operation, "minimiser", minimiser, n)
  return minimiser.slice()
}

/**
 * The quadratic with Hessian `Q diag(spectrum) Q^T` and value 0 at `minimiser` (default the origin).
 *
 * The columns of the row-major `basis` are the eigenvectors; by default Q is the identity, and an evaluation costs O(d). Its
 * constants are those of the given spectrum. Throws InvalidInput on an empty spectrum, wrong lengths, numbers that are not
 * finite and a basis that is not orthonormal to 1e-9.
 *
 * @example
 * ```ts import.meta.vitest
 * import { quadratic } from "@nonconvex/problems/Quadratic"
 *
 * const bowl = quadratic({ spectrum: [4, 1], minimiser: Float64Array.of(1, 0) })
 * const gradient = new Float64Array(2)
 * bowl.valueAndGradient(Float64Array.of(2, 2), gradient) // => 4
 * gradient // => Float64Array.of(4, 2)
 * bowl.constants.smoothness?.value // => 4
 * ```
 */
export const quadratic = (options: {
  readonly spectrum: ArrayLike<number>
  readonly basis?: Float64Array
  readonly minimiser?: Float64Array
}): Quadratic => {
  Require.object("quadratic", "spectrum", options.spectrum)
  const spectrum = Float64Array.from(options.spectrum)
  const { basis } = options
  const n = spectrum.length
  Require.count("quadratic", "spectrum.length", n)
  Require.allFinite("quadratic", "spectrum", spectrum)
  if (basis !== undefined) Orthonormal.requireRows("quadratic", "basis", basis, n, n)
  const hessian = basis && assemble(spectrum, basis)
  return make(
    hessian === undefined ? diagonal(spectrum) : dense(hessian, n),
    center("quadratic", options.minimiser, n),
    () => spectrum,
    lazy(() => Spectrum.quadraticConstants(spectrum, { source: "as given", minimum, zero: 0 })),
  )
}

/**
 * The quadratic with the symmetric Hessian `h` (row-major, n x n) and value 0 at `minimiser` (default the origin).
 *
 * Its constants come from the eigenvalues of `h`, computed on first access; those below their rounding errors count as 0.
 * Throws InvalidInput if `h` is empty, not square, not finite or not exactly symmetric.
 */
export const quadraticFromMatrix = (
  h: Float64Array,
  options: {
    readonly minimiser?: Float64Array
    /** Default the strict kernels of this thread. */
    readonly kernels?: Kernels.Kernels
  } = {},
): Quadratic => {
  const n = Math.round(Math.sqrt(h.length))
  Require.count("quadraticFromMatrix", "dimension", n)
  Require.vector("quadraticFromMatrix", "h", h, n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const lower = h[i * n + j]!
      const upper = h[j * n + i]!
      if (lower !== upper) {
        invalid("quadraticFromMatrix", "h must be symmetric", { row: i, column: j, lower, upper })
      }
    }
  }
  const matrix = h.slice()
  const spectrum = lazy(() =>
    SymmetricEigen.eigenvalues(matrix, n, options.kernels ?? Kernels.standard()),
  )
  return make(
    dense(matrix, n),
    center("quadraticFromMatrix", options.minimiser, n),
    spectrum,
    lazy(() =>
      Spectrum.quadraticConstants(spectrum(), {
        source: "of the given matrix",
        minimum,
        zero: Spectrum.noise(spectrum()),
      }),
    ),
  )
}
