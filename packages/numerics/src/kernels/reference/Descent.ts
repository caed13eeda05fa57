/** Runs of small descents in plain loops: the twin of `assembly/descent.ts`, which says where a run stops. */
import * as Elementary from "../../Elementary.ts"
import type { Perturbing, SmallObjective } from "../RunKernels.ts"

const least = 1.0020841800044864e-292
const most = 1e300

/** Coordinates of a point. */
export const dimensionOf = (objective: SmallObjective): number =>
  "minimiser" in objective ? objective.minimiser.length : 2

/** Up to which sines are of a reduction that the compiled kernel has. */
const farthest = 1647099

/** The inner product of a row that starts at `from`, in the order of `quadratic` of problems. */
const rowTimes = (matrix: Float64Array, from: number, x: Float64Array): number => {
  const whole = x.length - (x.length % 4)
  let [s0, s1, s2, s3] = [0, 0, 0, 0]
  for (let i = 0; i < whole; i += 4) {
    s0 += matrix[from + i]! * x[i]!
    s1 += matrix[from + i + 1]! * x[i + 1]!
    s2 += matrix[from + i + 2]! * x[i + 2]!
    s3 += matrix[from + i + 3]! * x[i + 3]!
  }
  for (let i = whole; i < x.length; i++) s0 += matrix[from + i]! * x[i]!
  return s0 + s1 + (s2 + s3)
}

type Step = (x: Float64Array, out: Float64Array) => boolean

/** One step from `x` to `out`; false where it is not ordinary. */
const stepOf = (
  objective: SmallObjective,
  perturbing: Perturbing,
  rate: number,
  radius: number,
): Step => {
  const n = dimensionOf(objective)
  const low = perturbing === "normalised" ? least : 0
  const gradient = new Float64Array(n)
  const perturbed = new Float64Array(n)
  const offsets = new Float64Array(n)
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
    if (objective.kind === "valley") {
      const [along, y] = [x[0]!, x[1]!]
      const a = objective.base + objective.amplitude * Elementary.sin(along)
      gradient[0] = 0.5 * (objective.amplitude * Elementary.cos(along)) * y * y
      gradient[1] = a * y
      squares = gradient[0] * gradient[0] + gradient[1] * gradient[1]
      loss = Math.abs(along) <= farthest ? Math.abs(0.5 * a * y * y) : Infinity
      return
    }
    const { minimiser } = objective
    for (let i = 0; i < n; i++) offsets[i] = x[i]! - minimiser[i]!
    squares = loss = 0
    for (let i = 0; i < n; i++) {
      const g =
        objective.kind === "diagonal"
          ? objective.spectrum[i]! * offsets[i]!
          : rowTimes(objective.hessian, i * n, offsets)
      gradient[i] = g
      squares += g * g
      loss += Math.abs(g * offsets[i]!)
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
