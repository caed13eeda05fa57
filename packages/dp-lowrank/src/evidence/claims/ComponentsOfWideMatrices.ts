/** The components of matrices so wide that they are found in a Krylov space. */
import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { type LowRank, topK } from "../../components/LowRank.ts"
import { derived } from "../support/Paper.ts"

/** Symmetric matrix with known eigenvalues, and the requested number of components. */
const wide = Draw.record({
  dimension: Draw.integer(200, 240),
  rank: Draw.integer(2, 8),
  seed: Draw.seed(),
})

/** A reflected diagonal matrix, d x d: the largest eigenvalues are decades apart, and the others fill [0, 1]. */
const reflected = ({ dimension: d, rank, seed }: Draw.Drawn<typeof wide>) => {
  const root = Seed.root(seed)
  const spectrum = RandomStream.make(root.child("eigenvalues"))
  const values = Float64Array.from({ length: d }, (_, j) =>
    j < rank ? Elementary.pow(10, rank - j) * (1 + spectrum.uniform()) : spectrum.uniform(),
  )
  const v = RandomStream.make(root.child("normal of the mirror")).onSphere(d)
  const w = values.map((value, i) => value * v[i]!)
  const along = Vector.dot(w, v)
  const matrix = Float64Array.from({ length: d * d }, (_, at) => {
    const [i, j] = [Math.floor(at / d), at % d]
    const diagonal = i === j ? values[i]! : 0
    return diagonal - 2 * (v[i]! * w[j]! + w[i]! * v[j]!) + 4 * along * v[i]! * v[j]!
  })
  return { matrix, values }
}

/** The largest |v_a . v_b - [a = b]| of the vectors. */
const skew = ({ dimension: d, values, vectors }: LowRank): number => {
  const row = (k: number) => vectors.subarray(k * d, (k + 1) * d)
  let most = 0
  for (let a = 0; a < values.length; a++) {
    for (let b = 0; b <= a; b++) {
      most = Math.max(most, Math.abs(Vector.dot(row(a), row(b)) - (a === b ? 1 : 0)))
    }
  }
  return most
}

export const componentsOfWideMatrices = claim({
  id: "dp-lowrank/components-of-wide-matrices",
  statement:
    "The components of a wide symmetric matrix are orthonormal and have its largest eigenvalues with their multiplicities, also if these differ by decades.",
  inFloatingPoint: "spectrum",
  source: Kind.identity(derived("Lanczos with full reorthogonalisation")),
  instances: wide,
  value: (found: LowRank) => found,
  margin: ({ instance, kernels, value: change }) => {
    const { matrix, values } = reflected(instance)
    const { dimension, rank } = instance
    const found = change(topK({ dimension, matrix }, rank, kernels))
    // rounding, of each of the products and in the Krylov space, in units of the norm
    const absolute = 1e-12 * (values[0]! + 1)
    return Margin.all(
      Margin.holds(found.values.length === rank),
      ...Array.from(found.values, (value, k) => Margin.equal(value, values[k]!, { absolute })),
      Margin.atMost(skew(found), 1e-12),
    )
  },
  controls: [
    {
      name: "the first component twice",
      value: (found) => {
        const [values, vectors] = [found.values.slice(), found.vectors.slice()]
        values[1] = values[0]!
        vectors.copyWithin(found.dimension, 0, found.dimension)
        return { ...found, values, vectors }
      },
    },
    {
      name: "vectors that are a thousandth too long",
      value: (found) => ({ ...found, vectors: found.vectors.map((x) => 1.001 * x) }),
    },
  ],
})
