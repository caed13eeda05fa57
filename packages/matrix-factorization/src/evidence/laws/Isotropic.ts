/** The least sharpness of a product for an isotropic design, and the least weight decay: D4, D5, D15, D22. */
import { claim, Draw, law, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Svd from "@nonconvex/numerics/Svd"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Factorisation from "../../factorisation/Factorisation.ts"
import { balanced } from "../../flatness/Flattest.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { isotropic } from "../../measurements/SparseMeasurements.ts"
import * as Theory from "../../theory/Theory.ts"
import {
  distance,
  expand,
  type Instance,
  instances,
  lowRank,
  rotation,
  total,
  wideEnough,
} from "../support/Instances.ts"
import { derived, recalled } from "../support/Paper.ts"
import type { Subject } from "../support/Subject.ts"

const leastIsotropic = (shape: Factorisation.Shape, m: Float64Array, depth = shape.depth): number =>
  Theory.inducedIsotropic(
    depth,
    shape.rows,
    shape.columns,
    Matrix.nuclearNorm(m, shape.rows, shape.columns),
  )

export const isotropicLowerBound = law<Subject, Instance>({
  id: "matrix-factorization/isotropic-lower-bound",
  statement:
    "For an isotropic design every factorisation of M has T >= L (d_0 d_L)^(1/L) |M|_*^(2 (L-1)/L).",
  source: recalled("induced regulariser (M3)"),
  instances: instances(),
  margin: (subject, instance) => {
    const { shape, widths, x } = expand(instance)
    const t = total(subject.layerSharpness(isotropic(shape.rows, shape.columns), widths, x))
    return Margin.atLeast(t, leastIsotropic(shape, Factorisation.endToEnd(shape, x)), 1e-11)
  },
  controls: [
    {
      name: "a tenth more, at the flattest layers",
      margin: (subject, instance) => {
        const { shape, widths, x } = expand(instance, wideEnough(instance.widths))
        const m = Factorisation.endToEnd(shape, x)
        const t = total(
          subject.layerSharpness(
            isotropic(shape.rows, shape.columns),
            widths,
            subject.flattest(widths, m),
          ),
        )
        return Margin.atLeast(t, 1.1 * leastIsotropic(shape, m), 1e-11)
      },
    },
  ],
})

const attained = (subject: Subject, instance: Instance, flattest: Subject["flattest"]): number => {
  const widths = wideEnough(instance.widths)
  const { shape, x } = expand(instance, widths)
  const m = Factorisation.endToEnd(shape, x)
  const flat = flattest(widths, m)
  const t = total(subject.layerSharpness(isotropic(shape.rows, shape.columns), widths, flat))
  return Margin.all(
    Margin.atMost(distance(Factorisation.endToEnd(shape, flat), m), 1e-10),
    Margin.equal(t, leastIsotropic(shape, m), { relative: 1e-10 }),
  )
}

export const isotropicAttained = law<Subject, Instance>({
  id: "matrix-factorization/isotropic-attained",
  statement:
    "For an isotropic design the closed-form layers multiply to M and have T = L (d_0 d_L)^(1/L) |M|_*^(2 (L-1)/L).",
  source: derived("algorithm 2.3"),
  instances: instances(),
  margin: (subject, instance) => attained(subject, instance, subject.flattest),
  controls: [
    {
      name: "the balanced layers of weight decay",
      margin: (subject, instance) =>
        attained(subject, instance, (widths, m) => balanced(Factorisation.shape(widths), m)),
    },
  ],
})

const weightDecay = (instance: Instance, factor: number): number => {
  const { shape, x } = expand(instance, wideEnough(instance.widths))
  const m = Factorisation.endToEnd(shape, x)
  const least =
    factor *
    Theory.weightDecayPenalty(shape.depth, Svd.singularValues(m, shape.rows, shape.columns))
  const flat = balanced(shape, m)
  return Margin.all(
    Margin.atLeast(Vector.dot(x, x), least, 1e-11),
    Margin.equal(Vector.dot(flat, flat), least, { relative: 1e-11 }),
  )
}

export const leastWeightDecay = claim<Instance>({
  id: "matrix-factorization/least-weight-decay",
  statement:
    "Every factorisation of M has sum |W_j|_F^2 >= L sum sigma_k(M)^(2/L), and the balanced one attains it.",
  source: recalled("contrast with weight decay (M11)"),
  instances: instances(),
  margin: (instance) => weightDecay(instance, 1),
  controls: [
    {
      name: "a factor of L forgotten",
      instances: instances(),
      margin: (instance) => weightDecay(instance, 1 / (instance.widths.length - 1)),
    },
  ],
})

interface Pair {
  readonly size: number
  readonly ranks: readonly [number, number]
  /** Of the Frobenius norms. */
  readonly ratio: number
  readonly seed: number
}

const pairs = Draw.record<Pair>({
  size: Draw.integer(2, 6),
  ranks: Draw.list(Draw.integer(1, 6), 2, 2).map(([a, b]) => [a!, b!] as const),
  ratio: Draw.logarithmic(1, 3),
  seed: Draw.seed(),
})

const depths = [2, 3, 4, 5, 6] as const

/** Whether a penalty orders two random matrices alike at every depth, and as the nuclear norm does. */
const sameOrder = (
  { ranks, ratio, seed, size }: Pair,
  penalty: (depth: number, values: Float64Array) => number,
): number => {
  const root = Seed.root(seed)
  const values = ranks.map((rank, k) => {
    const m = lowRank(size, size, Math.min(rank, size), root.child(k))
    Vector.scale((k === 0 ? ratio : 1) / Vector.norm(m), m)
    return Svd.singularValues(m, size, size)
  })
  const [first, second] = [values[0]!, values[1]!]
  const expected = Math.sign(total(first) - total(second))
  return Margin.holds(
    depths.every((depth) => Math.sign(penalty(depth, first) - penalty(depth, second)) === expected),
  )
}

export const depthIndependence = claim<Pair>({
  id: "matrix-factorization/depth-independence",
  statement:
    "For an isotropic design the least sharpness orders any two matrices as their nuclear norms do, at every depth from 2 to 6.",
  source: recalled("all depths above one (abstract; M3, M11)"),
  instances: pairs,
  margin: (pair) =>
    sameOrder(pair, (depth, values) =>
      Theory.inducedIsotropic(depth, pair.size, pair.size, total(values)),
    ),
  controls: [
    {
      name: "weight decay in place of flatness",
      instances: pairs,
      margin: (pair) => sameOrder(pair, Theory.weightDecayPenalty),
    },
  ],
})

const norms = (instance: Instance, power: (depth: number) => number): number => {
  const { seed, shape, x } = expand(instance, wideEnough(instance.widths))
  const { columns, depth, rows } = shape
  const m = Factorisation.endToEnd(shape, x)
  const least = leastIsotropic(shape, m)
  const factor = 1.9
  const turned = Matrix.multiply(
    Matrix.multiply(rotation(rows, seed.child("U")), m, rows, rows, columns),
    rotation(columns, seed.child("V")),
    rows,
    columns,
    columns,
  )
  const larger = m.map((value) => factor * value)
  return Margin.all(
    Margin.equal(leastIsotropic(shape, turned), least, { relative: 1e-11 }),
    Margin.equal(leastIsotropic(shape, larger), factor ** power(depth) * least, {
      relative: 1e-11,
    }),
  )
}

export const leastSharpnessLaws = claim<Instance>({
  id: "matrix-factorization/least-sharpness-homogeneity",
  statement:
    "For an isotropic design the least sharpness is invariant under rotations of M from both sides and F(t M) = t^(2 (L-1)/L) F(M).",
  source: derived("metamorphic"),
  instances: instances(),
  margin: (instance) => norms(instance, (depth) => (2 * (depth - 1)) / depth),
  controls: [
    {
      name: "homogeneous of degree 2, as T is in one layer",
      instances: instances(),
      margin: (instance) => norms(instance, () => 2),
    },
  ],
})
