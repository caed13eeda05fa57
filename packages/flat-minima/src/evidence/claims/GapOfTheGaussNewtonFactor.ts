/** Gap of a large Hessian from the factor of its Gauss-Newton matrix. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import * as FactoredGap from "../../certificate/FactoredGap.ts"
import * as TangentProjection from "../../minima/TangentProjection.ts"
import { derived } from "../support/Paper.ts"
import { quadraticModel } from "../support/QuadraticModel.ts"
import { onSphere } from "../support/Random.ts"

const instances = Draw.record({
  dimension: Draw.integer(6, 14),
  size: Draw.integer(1, 3),
  /** Distance from the minimum. */
  distance: Draw.logarithmic(1e-2, 1e-6),
  seed: Draw.seed(),
})

type Instance = Draw.Drawn<typeof instances>

const expand = ({ dimension: n, distance, seed, size }: Instance, { kernels }: Given) => {
  const root = Seed.root(seed)
  const model = quadraticModel({ dimension: n, size, seed: root.child("model") })
  const direction = onSphere(seed, "direction", n)
  const point = model.minimum.map((value, j) => value + distance * direction[j]!)
  const hessian = TangentProjection.denseHessian(model, point)
  const factor = new Float64Array(size * n)
  model.gaussNewton!.factor(point, factor)
  const rest = hessian.slice()
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < size; k++) rest[i * n + j]! -= factor[k * n + i]! * factor[k * n + j]!
    }
  }
  const found = FactoredGap.fromFactor(model, model.gaussNewton!, point, {
    seed: root.child("gap"),
    gap: 1.5,
    zero: 0.5,
    kernels,
  })
  return { n, size, hessian, rest, found }
}

/** Lower bound on |A - B| for two projections, by their action on random vectors. */
const apart = (
  a: TangentProjection.Projection,
  b: TangentProjection.Projection,
  n: number,
  seed: Seed.Seed,
): number => {
  const stream = RandomStream.make(seed)
  let largest = 0
  for (let k = 0; k < 20; k++) {
    const v = new Float64Array(n)
    stream.fillSphere(v)
    const w = v.slice()
    a.apply(v)
    b.apply(w)
    largest = Math.max(largest, Vector.distance(v, w))
  }
  return largest
}

export const gapOfTheGaussNewtonFactor = claim({
  id: "flat-minima/gap-of-the-gauss-newton-factor",
  statement:
    "Near a minimum of quadratic models, as many eigenvalues of the Hessian as the factor has rows lie above the bound for those kept. All others lie within the bound for the remainder, which is at most 3 times the remainder's norm. The tangent spaces differ by at most the bound for the tilt.",
  inFloatingPoint: "spectrum",
  source: derived("Weyl, and Davis and Kahan; the norm by Lanczos, wrong with probability 1e-6"),
  instances,
  value: [1, 1] as readonly [number, number],
  /** The bounds times the given factors, compared with the dense spectrum. */
  margin: ({ instance, kernels, value: [remainderBy, tiltBy] }) => {
    const { found, hessian, n, rest, size } = expand(instance, { kernels })
    const norm = Vector.maxAbs(SymmetricEigen.eigenvalues(rest, n, kernels))
    const eigen = SymmetricEigen.eigen(hessian, n, kernels)
    const slack = 1e-13 * Vector.maxAbs(eigen.values)
    const tight = Margin.all(
      Margin.atLeast(remainderBy * found.remainder + slack, norm),
      Margin.atMost(found.remainder, 3 * norm + slack),
    )
    // where the models come too close to dependent, no gap is the right answer
    if (found.test._tag === "NoGap" || found.test.projection.rank < size) return tight
    const { projection, smallestKept, tilt } = found.test
    const ordered = eigen.values.toSorted((a, b) => Math.abs(b) - Math.abs(a))
    const exact = TangentProjection.fromEigen(eigen, { gap: 1.0001, zero: 1 })
    const spaces =
      exact._tag === "Gap" && exact.projection.rank === projection.rank
        ? Margin.atMost(
            apart(projection, exact.projection, n, Seed.root(instance.seed)),
            tiltBy * tilt + 1e-10,
          )
        : Margin.holds(true)
    return Margin.all(
      tight,
      Margin.atLeast(ordered[projection.rank - 1]! + slack, smallestKept),
      Margin.atMost(Math.abs(ordered[projection.rank]!), remainderBy * found.remainder + slack),
      spaces,
    )
  },
  controls: [
    { name: "a third of the remainder", value: [1 / 3, 1] },
    { name: "a twentieth of the tilt", value: [1, 1 / 20] },
  ],
})
