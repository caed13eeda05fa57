/** Runs of gradient descent with noise on the labels in plain loops: the twin of `assembly/noisy.ts`. */
import type { NoisyKernels } from "../NoisyKernels.ts"

/** The sum of the values of `m` neurons, whose slopes go to `slopes`. */
const sweep = (
  m: number,
  slope: number,
  z: Float64Array,
  from: number,
  slopes: Float64Array,
  at: number,
): number => {
  let sum = 0
  for (let j = 0; j < m; j++) {
    const here = z[from + j]!
    const square = here * here
    sum += here * (square + slope)
    slopes[at + j] = 3 * square + slope
  }
  return sum
}

export const inPreactivations: NoisyKernels["noisyPreactivations"] = (
  { batch, epsilon, indices, labels, neurons: m, rate, slope },
  gram,
  z,
  coefficients,
) => {
  const n = labels.length
  const slopes = new Float64Array(batch * m)
  const residuals = new Float64Array(batch)
  const steps = indices.length / batch
  for (let taken = 0; taken < steps; taken++) {
    for (let b = 0; b < batch; b++) {
      const place = taken * batch + b
      const i = indices[place]!
      const f = sweep(m, slope, z, i * m, slopes, b * m)
      const r = f - labels[i]! - epsilon[place]!
      if (!(r * r < Number.POSITIVE_INFINITY)) return taken
      residuals[b] = r
    }
    for (let b = 0; b < batch; b++) {
      const i = indices[taken * batch + b]!
      const scale = (rate / batch) * residuals[b]!
      for (let k = 0; k < n; k++) {
        const factor = scale * gram[i * n + k]!
        for (let j = 0; j < m; j++) z[k * m + j]! -= factor * slopes[b * m + j]!
      }
      for (let j = 0; j < m; j++) coefficients[i * m + j]! += scale * slopes[b * m + j]!
    }
  }
  return steps
}

export const together: NoisyKernels["noisyTogether"] = (
  { labels, neurons: m, rate, slope },
  gram,
  runs,
) => {
  const n = labels.length
  const slopes = runs.map(() => new Float64Array(n * m))
  const residuals = runs.map(() => new Float64Array(n))
  const steps = runs[0]!.epsilon.length / n
  for (let taken = 0; taken < steps; taken++) {
    for (const [k, { epsilon, z }] of runs.entries()) {
      for (let i = 0; i < n; i++) {
        const f = sweep(m, slope, z, i * m, slopes[k]!, i * m)
        const r = f - labels[i]! - epsilon[taken * n + i]!
        if (!(r * r < Number.POSITIVE_INFINITY)) return taken
        residuals[k]![i] = r
      }
    }
    for (const [r, { coefficients, z }] of runs.entries()) {
      for (let i = 0; i < n; i++) {
        const scale = (rate / n) * residuals[r]![i]!
        for (let k = 0; k < n; k++) {
          const factor = scale * gram[i * n + k]!
          for (let j = 0; j < m; j++) z[k * m + j]! -= factor * slopes[r]![i * m + j]!
        }
        for (let j = 0; j < m; j++) coefficients[i * m + j]! += scale * slopes[r]![i * m + j]!
      }
    }
  }
  return steps
}

export const inParameters: NoisyKernels["noisyParameters"] = (
  { batch, epsilon, indices, labels, neurons: m, rate, slope },
  features,
  theta,
) => {
  const d = features.length / labels.length
  const z = new Float64Array(m)
  const slopes = new Float64Array(batch * m)
  const residuals = new Float64Array(batch)
  const steps = indices.length / batch
  for (let taken = 0; taken < steps; taken++) {
    for (let b = 0; b < batch; b++) {
      const place = taken * batch + b
      const i = indices[place]!
      for (let j = 0; j < m; j++) {
        let sum = 0
        for (let a = 0; a < d; a++) sum += features[i * d + a]! * theta[j * d + a]!
        z[j] = sum
      }
      const f = sweep(m, slope, z, 0, slopes, b * m)
      const r = f - labels[i]! - epsilon[place]!
      if (!(r * r < Number.POSITIVE_INFINITY)) return taken
      residuals[b] = r
    }
    for (let b = 0; b < batch; b++) {
      const i = indices[taken * batch + b]!
      const scale = (rate / batch) * residuals[b]!
      for (let j = 0; j < m; j++) {
        const weight = slopes[b * m + j]! * scale
        for (let a = 0; a < d; a++) theta[j * d + a]! -= weight * features[i * d + a]!
      }
    }
  }
  return steps
}
