import { Draw } from "@nonconvex/evidence"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import { advance } from "@nonconvex/problems/Advance"
import { quadratic } from "@nonconvex/problems/Quadratic"
import { basisOf, startOf } from "./RandomStronglyConvex.ts"
import type { Subject } from "./Subject.ts"
import { within } from "./Within.ts"

/** Quadratic whose top eigenvalue is separated from the others. */
export const separated = {
  top: Draw.logarithmic(1, 100),
  /** Other eigenvalues as multiples of `top`; one per dimension. */
  ratios: Draw.list(Draw.logarithmic(0.98, 0.01), 0, 5),
  /** Learning rate times `top`. */
  product: within([1, 0.1], [1, 1.9]),
  seed: Draw.seed(),
}

/**
 * State of SAM after every transient has shrunk by e^-50, and one step later.
 *
 * The basis is rotated on purpose. In the basis of the eigenvectors the top component can underflow to 0 while small
 * eigenvalues still dominate the gradient. SAM then bounces along another eigenvector forever. This artefact of float64
 * disappears with the rounding of any other basis.
 */
export const settle = (
  subject: Subject,
  {
    product,
    ratios,
    seed,
    top,
  }: { [Key in keyof typeof separated]: Draw.Drawn<(typeof separated)[Key]> },
  radius: number,
  kernels: Kernels,
) => {
  const spectrum = [top, ...ratios.map((ratio) => ratio * top)]
  const dimension = spectrum.length
  const basis = basisOf(seed, dimension)
  const objective = quadratic({ spectrum, basis })
  const method = subject.sam(radius, product / top)
  // far out an eigenvalue decays at its own rate; in the orbit those near the top decay by 0.97 at most
  const slowest = Math.min(0.03, product * Math.min(1, ...ratios))
  const state = method.init(objective, startOf(seed, dimension))
  advance(method, [state], Math.ceil(50 / slowest), { kernels })
  const point = state.point.slice()
  method.step(state)
  return {
    objective,
    topEigenvector: Float64Array.from({ length: dimension }, (_, i) => basis[i * dimension]!),
    point,
    next: state.point,
  }
}
