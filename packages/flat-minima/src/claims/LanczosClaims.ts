/** F18 for Lanczos: exact once the Krylov space is invariant. */
import { type Claim, claim, Draw, Margin } from "@nonconvex/evidence"
import { Lanczos, Operator, Orthogonal, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import type { Matrix } from "./Matrices.ts"
import { derived } from "./Paper.ts"

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

export const lanczosClaims: ReadonlyArray<Claim> = [lanczosExact]
