/** Runs of small descents in plain loops: the twin of `assembly/descent.ts`, which says where a run stops. */
import type { Perturbing, SmallObjective } from "../RunKernels.ts"

const least = 1.0020841800044864e-292
const most = 1e300

type Step = (x: Float64Array, out: Float64Array) => boolean

/** One step from `x` to `out`; false where it is not ordinary. */
const stepOf = (
  objective: SmallObjective,
  perturbing: Perturbing,
  rate: number,
  radius: number,
): Step => {
  const n = objective.kind === "product" ? 2 : objective.spectrum.length
  const low = perturbing === "normalised" ? least : 0
  const gradient = new Float64Array(n)
  const perturbed = new Float64Array(n)
  let squares = 0
  let loss = 0
  /** The gradient at `x`, the sum of its squares, and of the sizes of what the loss is made of. */
  const evaluate = (x: Float64Array): void => {
    if (objective.kind === "product") {
      const residual = x[0]! * x[1]! - objective.target
      const gx = residual * x[1]!
      const gy = residual * x[0]!
      gradient[0] = gx
      gradient[1] = gy
      squares = gx * gx + gy * gy
      loss = residual * residual
      return
    }
    const { minimiser, spectrum } = objective
    squares = loss = 0
    for (let i = 0; i < n; i++) {
      const offset = x[i]! - minimiser[i]!
      const g = spectrum[i]! * offset
      gradient[i] = g
      squares += g * g
      loss += Math.abs(g * offset)
    }
  }
  return (x, out) => {
    evaluate(x)
    let isOrdinary = squares >= low && squares < most && loss < most
    if (perturbing !== "none") {
      const scale = perturbing === "normalised" ? radius / Math.sqrt(squares) : radius
      for (let i = 0; i < n; i++) perturbed[i] = x[i]! + scale * gradient[i]!
      evaluate(perturbed)
      isOrdinary = isOrdinary && scale < most && squares < most && loss < most
    }
    for (let i = 0; i < n; i++) out[i] = x[i]! - rate * gradient[i]!
    return isOrdinary
  }
}

/** Takes up to `steps` steps of every point, and returns how many. */
export const descend = (
  objective: SmallObjective,
  perturbing: Perturbing,
  steps: number,
  rate: number,
  radius: number,
  points: ReadonlyArray<Float64Array>,
): number => {
  const step = stepOf(objective, perturbing, rate, radius)
  const next = points.map((point) => new Float64Array(point.length))
  for (let taken = 0; taken < steps; taken++) {
    for (let r = 0; r < points.length; r++) if (!step(points[r]!, next[r]!)) return taken
    for (let r = 0; r < points.length; r++) points[r]!.set(next[r]!)
  }
  return steps
}
