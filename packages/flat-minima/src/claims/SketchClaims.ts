/** F18 for the two sketching estimators: exact at low rank, and never a NaN. */
import { type Claim, claim, Draw, Margin } from "@nonconvex/evidence"
import { InvalidInput, Operator, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import * as Traces from "../Traces.ts"
import { type Matrix, traceOf } from "./Matrices.ts"
import { derived } from "./Paper.ts"

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

export const sketchClaims: ReadonlyArray<Claim> = [hutchPlusPlusExact, xTraceHonest]
