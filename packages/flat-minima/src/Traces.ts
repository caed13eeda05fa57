/** Traces of operators known by their products: each estimate with its error bar, and what it is exact for. */
import { InvalidInput, type Operator, RandomStream, type Seed, Vector } from "@nonconvex/numerics"
import { requireCount } from "./Input.ts"
import { orthonormalise } from "./TangentProjection.ts"

/** An estimate, one standard deviation of it, and from how many probes that comes. */
export interface TraceEstimate {
  readonly estimate: number
  readonly standardError: number
  readonly probes: number
}

export type Probe = "rademacher" | "gaussian" | "sphere"

const fill = (probe: Probe, stream: RandomStream.RandomStream, out: Float64Array): void => {
  if (probe === "rademacher") stream.fillRademacher(out)
  else if (probe === "gaussian") stream.fillNormal(out)
  else {
    stream.fillSphere(out)
    Vector.scale(Math.sqrt(out.length), out)
  }
}

const summary = (samples: ReadonlyArray<number>, offset = 0): TraceEstimate => {
  const count = samples.length
  let mean = 0
  let squares = 0
  samples.forEach((sample, k) => {
    const delta = sample - mean
    mean += delta / (k + 1)
    squares += delta * (sample - mean)
  })
  return {
    estimate: offset + mean,
    standardError: count < 2 ? Number.POSITIVE_INFINITY : Math.sqrt(squares / (count - 1) / count),
    probes: count,
  }
}

interface Options {
  readonly dimension: number
  readonly seed: Seed.Seed
}

/** The mean of `z' A z` over probes of the given law; see `Theory.probeVariance`. Probe k comes from `seed.child(k)`. */
export const hutchinson = (
  operator: Operator.Operator,
  options: Options & { readonly probes: number; readonly probe?: Probe },
): TraceEstimate => {
  const { dimension, probe = "rademacher", probes, seed } = options
  requireCount("Traces.hutchinson", "dimension", dimension)
  requireCount("Traces.hutchinson", "probes", probes)
  const z = new Float64Array(dimension)
  const out = new Float64Array(dimension)
  return summary(
    Array.from({ length: probes }, (_, k) => {
      fill(probe, RandomStream.make(seed.child(k)), z)
      operator(z, out)
      return Vector.dot(z, out)
    }),
  )
}

/**
 * Hutch++ (Meyer, Musco, Musco, Woodruff 2021): a third of the products sketches the range, a third takes the trace there exactly,
 * a third probes the rest. Exact where the rank is at most a third of `products`; a sketch without full rank is no problem.
 */
export const hutchPlusPlus = (
  operator: Operator.Operator,
  options: Options & { readonly products: number },
): TraceEstimate => {
  const { dimension: n, products, seed } = options
  requireCount("Traces.hutchPlusPlus", "dimension", n)
  requireCount("Traces.hutchPlusPlus", "products", products, 3)
  const third = Math.floor(products / 3)
  const sketch = new Float64Array(third * n)
  const z = new Float64Array(n)
  for (let k = 0; k < third; k++) {
    RandomStream.make(seed.child("sketch").child(k)).fillRademacher(z)
    operator(z, sketch.subarray(k * n, (k + 1) * n))
  }
  const { rank } = orthonormalise(sketch, n, 1e-10)
  const out = new Float64Array(n)
  const basis = Array.from({ length: rank }, (_, k) => sketch.subarray(k * n, (k + 1) * n))
  let inside = 0
  for (const q of basis) {
    operator(q, out)
    inside += Vector.dot(q, out)
  }
  const rest = Array.from({ length: third }, (_, k) => {
    RandomStream.make(seed.child("rest").child(k)).fillRademacher(z)
    for (let pass = 0; pass < 2; pass++) {
      for (const q of basis) Vector.axpy(-Vector.dot(q, z), q, z)
    }
    operator(z, out)
    return Vector.dot(z, out)
  })
  return summary(rest, inside)
}

/** Upper triangular R (column j at `r[j]`) with `rows = Q R` by Gram-Schmidt twice; the rows become Q. */
const factor = (rows: ReadonlyArray<Float64Array>): ReadonlyArray<Float64Array> =>
  rows.map((row, j) => {
    const r = new Float64Array(rows.length)
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < j; k++) {
        const product = Vector.dot(rows[k]!, row)
        r[k]! += product
        Vector.axpy(-product, rows[k]!, row)
      }
    }
    r[j] = Vector.norm(row)
    if (r[j] > 0) Vector.scale(1 / r[j], row)
    return r
  })

/**
 * XTrace (Epperly, Tropp, Webber 2024), without its normalisation: every probe is tested against the range that the others
 * sketch.
 *
 * It inverts the triangular factor of the sketch and does not exist where that is singular, as for rank below `products / 2`,
 * where `hutchPlusPlus` is exact: it throws InvalidInput there.
 */
export const xTrace = (
  operator: Operator.Operator,
  options: Options & { readonly products: number },
): TraceEstimate => {
  const { dimension: n, products, seed } = options
  requireCount("Traces.xTrace", "dimension", n)
  requireCount("Traces.xTrace", "products", products, 4)
  const m = Math.min(n, Math.floor(products / 2))
  const probes = Array.from({ length: m }, (_, k) => {
    const z = new Float64Array(n)
    // signs could repeat a probe in low dimensions, which makes the sketch singular
    fill("sphere", RandomStream.make(seed.child(k)), z)
    return z
  })
  const q = probes.map((z) => {
    const out = new Float64Array(n)
    operator(z, out)
    return out
  })
  const r = factor(q)
  const largest = Math.max(...r.map((column, j) => column[j]!))
  const smallest = Math.min(...r.map((column, j) => column[j]!))
  // a nearly vanishing first column turns rounding errors of the products into directions
  if (!(smallest > 1e-8 * largest)) {
    throw new InvalidInput({
      operation: "Traces.xTrace",
      requirement: "the sketch must have full rank; use Traces.hutchPlusPlus, which is exact here",
      numbers: { smallest, largest },
    })
  }
  const aq = q.map((column) => {
    const out = new Float64Array(n)
    operator(column, out)
    return out
  })
  // column i of S is the unit vector along row i of the inverse of R: what the range loses without probe i
  const s = probes.map((_, i) => {
    const x = new Float64Array(m)
    x[i] = 1 / r[i]![i]!
    for (let j = i + 1; j < m; j++) {
      let sum = 0
      for (let k = i; k < j; k++) sum += r[j]![k]! * x[k]!
      x[j] = -sum / r[j]![j]!
    }
    Vector.scale(1 / Vector.norm(x), x)
    return x
  })
  const h = Float64Array.from({ length: m * m }, (_, k) =>
    Vector.dot(q[Math.floor(k / m)]!, aq[k % m]!),
  )
  let trace = 0
  for (let k = 0; k < m; k++) trace += h[k * m + k]!
  const z = new Float64Array(n)
  const out = new Float64Array(n)
  return summary(
    probes.map((probe, i) => {
      const si = s[i]!
      let lost = 0
      for (let a = 0; a < m; a++) {
        for (let b = 0; b < m; b++) lost += si[a]! * h[a * m + b]! * si[b]!
      }
      // z = (I - Q_i Q_i') probe, with Q_i the basis without the direction Q s_i
      z.set(probe)
      for (const column of q) Vector.axpy(-Vector.dot(column, probe), column, z)
      out.fill(0)
      for (let a = 0; a < m; a++) Vector.axpy(si[a]!, q[a]!, out)
      Vector.axpy(Vector.dot(out, probe), out, z)
      operator(z, out)
      return trace - lost + Vector.dot(z, out)
    }),
  )
}
