/** F16 to F18 and the laws of trace estimators. */
import { type Claim, claim, Draw, Margin } from "@nonconvex/evidence"
import {
  InvalidInput,
  Lanczos,
  Orthogonal,
  Operator,
  RandomStream,
  Seed,
  Vector,
} from "@nonconvex/numerics"
import * as Draws from "../Draws.ts"
import * as Theory from "../Theory.ts"
import * as Traces from "../Traces.ts"
import { derived } from "./Paper.ts"

interface Matrix {
  readonly dimension: number
  readonly seed: number
}
const matrix = (min: number, max: number) =>
  Draw.record<Matrix>({ dimension: Draw.integer(min, max), seed: Draw.seed() })

const symmetric = ({ dimension: n, seed }: Matrix): Float64Array => {
  const stream = RandomStream.make(Seed.root(seed).child("matrix"))
  const h = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) h[i * n + j] = h[j * n + i] = stream.normal()
  }
  return h
}
const traceOf = (h: Float64Array, n: number): number => {
  let sum = 0
  for (let i = 0; i < n; i++) sum += h[i * n + i]!
  return sum
}
const squareOf = (h: Float64Array): number => Vector.dot(h, h)
const diagonalSquare = (h: Float64Array, n: number): number => {
  let sum = 0
  for (let i = 0; i < n; i++) sum += h[i * n + i]! ** 2
  return sum
}

/** Mean and variance of z' H z over all sign vectors. */
const enumerate = (h: Float64Array, n: number): readonly [number, number] => {
  const z = new Float64Array(n)
  const out = new Float64Array(n)
  const multiply = Operator.fromMatrix(h, n, n)
  const count = 2 ** n
  const values = new Float64Array(count)
  for (let corner = 0; corner < count; corner++) {
    for (let i = 0; i < n; i++) z[i] = (corner >> i) & 1 ? 1 : -1
    multiply(z, out)
    values[corner] = Vector.dot(z, out)
  }
  const mean = values.reduce((sum, value) => sum + value / count, 0)
  return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2 / count, 0)]
}
const enumerated = (instance: Matrix, variance: (h: Float64Array, n: number) => number) => {
  const n = instance.dimension
  const h = symmetric(instance)
  const [mean, spread] = enumerate(h, n)
  const scale = 1e-12 * (1 + Vector.norm(h))
  return Margin.all(
    Margin.equal(mean, traceOf(h, n), { absolute: scale }),
    Margin.equal(spread, variance(h, n), { relative: 1e-12, absolute: scale }),
  )
}
const rademacherVariance = (h: Float64Array, n: number) =>
  Theory.probeVariance.rademacher(squareOf(h), diagonalSquare(h, n))
const hutchinsonVariance = claim<Matrix>({
  id: "flat-minima/hutchinson-variance",
  statement:
    "Over all sign vectors, the mean of z' H z is tr H and its variance 2 sum over i != j of H_ij^2.",
  source: derived("variance of Hutchinson's estimator (B10), by enumeration"),
  instances: matrix(1, 10),
  margin: (instance) => enumerated(instance, rademacherVariance),
  controls: [
    {
      name: "the variance of Gaussian probes",
      instances: matrix(1, 10),
      margin: (instance) => enumerated(instance, (h) => Theory.probeVariance.gaussian(squareOf(h))),
    },
    {
      name: "the variance of probes on the sphere",
      instances: matrix(2, 10),
      margin: (instance) =>
        enumerated(instance, (h, n) => Theory.probeVariance.sphere(squareOf(h), traceOf(h, n), n)),
    },
  ],
})

interface Spread extends Matrix {
  readonly probe: Traces.Probe
}
const spread = Draw.record<Spread>({
  dimension: Draw.integer(3, 8),
  seed: Draw.seed(),
  probe: Draw.oneOf("gaussian", "sphere", "rademacher"),
})
const probes = 2000
/**
 * The library's estimate within 6 standard errors by the formula, and its error bar within 25 %: for Gaussian chaos of order two
 * the chance of a false alarm is below 1e-6 in a run.
 */
const estimated = (instance: Spread, factor: number) => {
  const n = instance.dimension
  const h = symmetric(instance)
  const [square, trace] = [squareOf(h), traceOf(h, n)]
  const variance = {
    gaussian: () => Theory.probeVariance.gaussian(square),
    sphere: () => Theory.probeVariance.sphere(square, trace, n),
    rademacher: () => rademacherVariance(h, n),
  }[instance.probe]()
  const found = Traces.hutchinson(Operator.fromMatrix(h, n, n), {
    dimension: n,
    probes,
    probe: instance.probe,
    seed: Seed.root(instance.seed),
  })
  const error = Math.sqrt((factor * variance) / probes)
  return Margin.all(
    Margin.equal(found.estimate, trace, { absolute: 6 * error }),
    Margin.equal(found.standardError, error, { relative: 0.25 }),
  )
}
const errorBars = claim<Spread>({
  id: "flat-minima/trace-error-bars",
  statement:
    "2,000 Rademacher, Gaussian or sphere probes come within 6 standard errors of the trace, and report that error to 25 %.",
  source: derived("variances of the three probes (B10)"),
  instances: spread,
  margin: (instance) => estimated(instance, 1),
  controls: [
    {
      name: "half of the variance",
      instances: spread,
      margin: (instance) => estimated(instance, 0.5),
    },
    { name: "twice the variance", instances: spread, margin: (instance) => estimated(instance, 2) },
  ],
})

interface LowRank extends Matrix {
  readonly rank: number
}
const lowRank = Draw.record<LowRank>({
  dimension: Draw.integer(12, 30),
  seed: Draw.seed(),
  rank: Draw.integer(1, 5),
})
const ofRank = ({ dimension: n, rank, seed }: LowRank) => {
  const stream = RandomStream.make(Seed.root(seed).child("low rank"))
  const h = new Float64Array(n * n)
  const v = new Float64Array(n)
  for (let k = 0; k < rank; k++) {
    stream.fillNormal(v)
    const c = stream.normal()
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) h[i * n + j]! += c * v[i]! * v[j]!
    }
  }
  return h
}
type Estimator = typeof Traces.hutchPlusPlus
const exactFor = (instance: LowRank, products: number, estimator: Estimator) => {
  const n = instance.dimension
  const h = ofRank(instance)
  const { estimate } = estimator(Operator.fromMatrix(h, n, n), {
    dimension: n,
    products,
    seed: Seed.root(instance.seed),
  })
  return Margin.equal(estimate, traceOf(h, n), { absolute: 1e-9 * Vector.norm(h) })
}
const hutchPlusPlusExact = claim<LowRank>({
  id: "flat-minima/hutch-plus-plus-exact",
  statement: "Hutch++ is exact where the rank is at most a third of its products.",
  source: derived("the sketch then spans the range (F18)"),
  instances: lowRank,
  margin: (instance) => exactFor(instance, 3 * instance.rank + 3, Traces.hutchPlusPlus),
  controls: [
    {
      name: "a sketch of one vector",
      instances: lowRank,
      margin: (instance) => exactFor({ ...instance, rank: 4 }, 3, Traces.hutchPlusPlus),
    },
    {
      name: "Hutchinson at the same cost",
      instances: lowRank,
      margin: (instance) =>
        exactFor(instance, 3 * instance.rank + 3, (operator, options) =>
          Traces.hutchinson(operator, { ...options, probes: options.products }),
        ),
    },
  ],
})

const xTraceAnswers = (instance: LowRank, shift: number, estimator: Estimator) => {
  const n = instance.dimension
  const h = ofRank(instance)
  for (let i = 0; i < n; i++) h[i * n + i]! += shift
  try {
    const { estimate, standardError } = estimator(Operator.fromMatrix(h, n, n), {
      dimension: n,
      products: 2 * instance.rank + 6,
      seed: Seed.root(instance.seed),
    })
    if (Number.isNaN(estimate + standardError)) return -1
    // of rank plus a multiple of the identity the rest is exact too
    return Margin.all(
      Margin.holds(shift > 0 && Number.isFinite(standardError)),
      Margin.atMost(
        Math.abs(estimate - traceOf(h, n)),
        6 * standardError + 1e-6 * Vector.norm(h) + 3 * shift * n ** 0.5,
      ),
    )
  } catch (cause) {
    return Margin.holds(cause instanceof InvalidInput && shift === 0)
  }
}
const xTraceHonest = claim<LowRank>({
  id: "flat-minima/x-trace-answers-or-refuses",
  statement:
    "XTrace gives a finite estimate where its sketch has full rank, and a typed error where that is singular: never NaN.",
  source: derived("the triangular factor is inverted (F18)"),
  instances: lowRank,
  margin: (instance) =>
    Margin.all(
      xTraceAnswers(instance, 0, Traces.xTrace),
      xTraceAnswers(instance, 0.1, Traces.xTrace),
    ),
  controls: [
    {
      name: "an answer of NaN",
      instances: lowRank,
      margin: (instance) =>
        xTraceAnswers(instance, 0, () => ({ estimate: 0, standardError: Number.NaN, probes: 1 })),
    },
  ],
})

interface Levels extends Matrix {
  readonly levels: number
}
const levels = Draw.record<Levels>({
  dimension: Draw.integer(8, 24),
  seed: Draw.seed(),
  levels: Draw.integer(1, 4),
})
/** The top eigenvalue by Lanczos from a search space of `levels - fewer` products, against the known one. */
const krylov = ({ dimension: n, levels: k, seed }: Levels, fewer: number): number => {
  const root = Seed.root(seed)
  const q = Orthogonal.haar(n, RandomStream.make(root.child("basis")))
  const eigenvalues = Float64Array.from({ length: n }, (_, i) => 1 + (i % k))
  const product: Operator.Operator = (v, out) => {
    const inside = new Float64Array(n)
    for (let i = 0; i < n; i++) {
      let sum = 0
      for (let j = 0; j < n; j++) sum += q[j * n + i]! * v[j]!
      inside[i] = eigenvalues[i]! * sum
    }
    for (let j = 0; j < n; j++) out[j] = Vector.dot(q.subarray(j * n, (j + 1) * n), inside)
  }
  // the largest eigenvalue of the projection onto the Krylov space of `steps` products
  const steps = k - fewer
  const found = rayleighRitz(product, n, steps, root.child("start"))
  const library = Lanczos.topEigenpairs(product, { dimension: n, count: 1, seed: root })
  return Margin.all(
    Margin.equal(found, k, { absolute: 1e-9 }),
    Margin.equal(library.values[0]!, k, { absolute: 1e-9 }),
  )
}
const rayleighRitz = (product: Operator.Operator, n: number, steps: number, seed: Seed.Seed) => {
  const basis = Array.from({ length: Math.max(1, steps) }, () => new Float64Array(n))
  RandomStream.make(seed).fillSphere(basis[0]!)
  for (let k = 0; k + 1 < basis.length; k++) {
    product(basis[k]!, basis[k + 1]!)
    for (let pass = 0; pass < 2; pass++) {
      for (let i = 0; i <= k; i++) {
        Vector.axpy(-Vector.dot(basis[i]!, basis[k + 1]!), basis[i]!, basis[k + 1]!)
      }
    }
    Vector.scale(1 / Vector.norm(basis[k + 1]!), basis[k + 1]!)
  }
  const out = new Float64Array(n)
  const m = basis.length
  const h = new Float64Array(m * m)
  basis.forEach((v, j) => {
    product(v, out)
    basis.forEach((u, i) => {
      h[i * m + j] = Vector.dot(u, out)
    })
  })
  return Lanczos.topEigenpairs(Operator.fromMatrix(h, m, m), { dimension: m, count: 1, seed })
    .values[0]!
}
const lanczosExact = claim<Levels>({
  id: "flat-minima/lanczos-exact",
  statement: "Lanczos is exact after k products where the operator has k distinct eigenvalues.",
  source: derived("the Krylov space is then invariant (F18)"),
  instances: levels,
  margin: (instance) => krylov(instance, 0),
  controls: [
    {
      name: "one product fewer",
      instances: levels,
      margin: (instance) => krylov({ ...instance, levels: 4 }, 1),
    },
  ],
})

interface Shifted extends Spread {
  readonly shift: number
}
const shifted = (probe: Traces.Probe, more: Traces.Probe) =>
  Draw.record<Shifted>({
    dimension: Draw.integer(2, 12),
    seed: Draw.seed(),
    probe: Draw.oneOf(probe, more),
    shift: Draw.linear(1, -5),
  })
const linearity = (instance: Shifted) => {
  const n = instance.dimension
  const h = symmetric(instance)
  const k = symmetric({ ...instance, seed: instance.seed ^ 0x5555 })
  const of = (a: number, b: number, shift: number) => {
    const sum = h.map((value, i) => a * value + b * k[i]!)
    for (let i = 0; i < n; i++) sum[i * n + i]! += shift
    return Traces.hutchinson(Operator.fromMatrix(sum, n, n), {
      dimension: n,
      probes: 3,
      probe: instance.probe,
      seed: Seed.root(instance.seed),
    }).estimate
  }
  const scale = 1e-12 * (1 + Math.abs(instance.shift)) * (Vector.norm(h) + Vector.norm(k)) * n
  return Margin.all(
    Margin.equal(of(2, -3, 0), 2 * of(1, 0, 0) - 3 * of(0, 1, 0), { absolute: 10 * scale }),
    Margin.equal(of(1, 0, instance.shift), of(1, 0, 0) + n * instance.shift, { absolute: scale }),
  )
}
const shiftLaw = claim<Shifted>({
  id: "flat-minima/trace-estimates-are-linear",
  statement:
    "With common probes estimates are linear in the operator, and adding tau I adds exactly tau d for Rademacher and sphere probes.",
  source: derived("|z|^2 = d"),
  instances: shifted("rademacher", "sphere"),
  margin: linearity,
  controls: [
    { name: "Gaussian probes", instances: shifted("gaussian", "gaussian"), margin: linearity },
  ],
})

interface SphereInstance {
  readonly dimension: number
  readonly seed: number
}
const sphereDraws = 4000
/** First and second moments within 6 standard errors: the chance of a false alarm is below 1e-6 in a run. */
const moments = (
  { dimension: n, seed }: SphereInstance,
  make: (root: Seed.Seed) => Draws.Draws,
) => {
  const draws = make(Seed.root(seed))
  const g = new Float64Array(n)
  const mean = new Float64Array(n)
  const second = new Float64Array(n * n)
  let worstNorm = 0
  for (let k = 0; k < sphereDraws; k++) {
    draws.fillSphere(g)
    worstNorm = Math.max(worstNorm, Math.abs(Vector.norm(g) - 1))
    for (let i = 0; i < n; i++) {
      mean[i]! += g[i]! / sphereDraws
      for (let j = 0; j < n; j++) second[i * n + j]! += (g[i]! * g[j]!) / sphereDraws
    }
  }
  const bound = 6 / Math.sqrt(sphereDraws)
  let excess = 0
  for (let i = 0; i < n; i++) {
    excess = Math.max(excess, Math.abs(mean[i]!) * Math.sqrt(n))
    for (let j = 0; j < n; j++) {
      excess = Math.max(excess, Math.abs(second[i * n + j]! - (i === j ? 1 / n : 0)) * n)
    }
  }
  return Margin.all(Margin.atMost(worstNorm, 1e-14), Margin.atMost(excess, bound * 1.5))
}
const sphereInstance = matrix(2, 6)
const sphere = claim<SphereInstance>({
  id: "flat-minima/sphere-draws",
  statement: "Perturbations have norm 1, mean 0 and second moment I / d.",
  source: derived("uniform on the sphere (F16)"),
  instances: sphereInstance,
  margin: (instance) => moments(instance, Draws.fromSeed),
  controls: [
    {
      name: "normalised points of a cube in one corner",
      instances: sphereInstance,
      margin: (instance) =>
        moments(instance, (root) => {
          const draws = Draws.fromSeed(root)
          return {
            ...draws,
            fillSphere: (out) => {
              draws.fillSphere(out)
              out[0] = Math.abs(out[0]!)
            },
          }
        }),
    },
    {
      name: "Gaussian without the normalisation",
      instances: sphereInstance,
      margin: (instance) =>
        moments(instance, (root) => {
          const stream = RandomStream.make(root)
          return {
            ...Draws.fromSeed(root),
            fillSphere: (out) => {
              stream.fillNormal(out)
              Vector.scale(1 / Math.sqrt(out.length), out)
            },
          }
        }),
    },
  ],
})

export const traceClaims: ReadonlyArray<Claim> = [
  sphere,
  hutchinsonVariance,
  errorBars,
  hutchPlusPlusExact,
  xTraceHonest,
  lanczosExact,
  shiftLaw,
]
