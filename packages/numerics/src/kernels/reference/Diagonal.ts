/** Runs of sharpness-aware perturbation in plain loops: the twin of `assembly/diagonal.ts`, which says where a run stops. */
import type { DiagonalRun, DrawnRun, TakenSteps } from "../DiagonalKernels.ts"

const least = 1.0020841800044864e-292
const most = 1e300
const noise = 1e-12

const isSafe = (sum: number): boolean => sum >= least && sum < most

const squares = (x: Float64Array): number => {
  let sum = 0
  for (let j = 0; j < x.length; j++) sum += x[j]! * x[j]!
  return sum
}

/** The steps of one run. */
export const perturb = (
  { gradientThreshold, labels, matrix, plainRate, radius, rate }: DiagonalRun,
  steps: number,
  { indices, point: x, signs }: DrawnRun,
): TakenSteps => {
  const n = labels.length
  const width = matrix.length / n
  const [gradient, direction, perturbed, perturbedGradient, move, unit] = Array.from(
    { length: 6 },
    () => new Float64Array(2 * width),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array]
  const weights = new Float64Array(width)
  const slopes = new Float64Array(width)
  const prediction = (from: number, at: Float64Array): number => {
    let sum = 0
    for (let j = 0; j < width; j++) {
      const [u, v] = [at[j]!, at[width + j]!]
      sum += matrix[from + j]! * (u * u - v * v)
    }
    return sum
  }
  const writeRow = (a: Float64Array, scale: number, at: Float64Array, out: Float64Array): void => {
    for (let j = 0; j < width; j++) {
      const product = scale * a[j]!
      out[j] = product * at[j]!
      out[width + j] = -product * at[width + j]!
    }
  }
  const evaluate = (): number => {
    for (let j = 0; j < width; j++) {
      const [u, v] = [x[j]!, x[width + j]!]
      weights[j] = u * u - v * v
      slopes[j] = 0
    }
    let sum = 0
    for (let i = 0; i < n; i++) {
      let residual = -labels[i]!
      for (let j = 0; j < width; j++) residual += matrix[i * width + j]! * weights[j]!
      for (let j = 0; j < width; j++) slopes[j]! += residual * matrix[i * width + j]!
      sum += residual * residual
    }
    writeRow(slopes, 2 / n, x, gradient)
    return sum
  }
  let used = 0
  let taken = 0
  for (; taken < steps; taken++) {
    const loss = evaluate()
    const square = squares(gradient)
    if (!isSafe(square) || !(loss < most)) break
    const norm = Math.sqrt(square)
    if (!(norm <= gradientThreshold)) {
      for (let j = 0; j < x.length; j++) x[j]! -= plainRate * gradient[j]!
      continue
    }
    const i = indices[used]!
    const row = matrix.subarray(i * width, (i + 1) * width)
    writeRow(row, 2, x, direction)
    const length = squares(direction)
    if (!isSafe(length)) break
    const signed = prediction(i * width, x) - labels[i]! < 0 ? -radius : radius
    const scale = signed / Math.sqrt(length)
    for (let j = 0; j < x.length; j++) perturbed[j] = x[j]! + signs[used]! * (direction[j]! * scale)
    const residual = prediction(i * width, perturbed) - labels[i]!
    writeRow(row, 2 * residual, perturbed, perturbedGradient)
    const size = squares(perturbedGradient)
    if (!isSafe(size)) break
    for (let j = 0; j < x.length; j++) {
      move[j] = 0 + (perturbedGradient[j]! - gradient[j]!)
      unit[j] = gradient[j]! / norm
    }
    const passes = norm > noise * Math.sqrt(size) ? 2 : 0
    for (let pass = 0; pass < passes; pass++) {
      let along = 0
      for (let j = 0; j < x.length; j++) along += move[j]! * unit[j]!
      for (let j = 0; j < x.length; j++) move[j]! -= along * unit[j]!
    }
    for (let j = 0; j < x.length; j++) x[j]! -= rate * (gradient[j]! + move[j]!)
    used++
  }
  return { steps: taken, perturbed: used }
}
