import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Theory from "../../theory/Theory.ts"
import { recalled } from "../support/Paper.ts"

export const lanczosShortfall = claim({
  id: "flat-minima/lanczos-shortfall",
  statement:
    "From a random start, k steps of Lanczos fall short of the largest of d eigenvalues by at most a share s, except with probability p. The share solves 1.648 sqrt(d) e^(-sqrt(s) (2 k - 1)) = p.",
  inFloatingPoint: "spectrum",
  source: recalled("Kuczynski, Wozniakowski 1992, theorem 4.2"),
  instances: Draw.record({
    dimension: Draw.integer(20, 60),
    steps: Draw.integer(4, 10),
    /** -log10 of the failure probability. */
    digits: Draw.integer(9, 12),
    seed: Draw.seed(),
  }),
  value: Theory.lanczosShortfall,
  margin: ({ instance: { digits, dimension: n, seed, steps }, kernels, value: shortfall }) => {
    const failure = Elementary.pow(10, -digits)
    const share = shortfall(n, steps, failure)
    const chance = 1.648 * Math.sqrt(n) * Elementary.exp(-Math.sqrt(share) * (2 * steps - 1))
    const spectrum = RandomStream.make(Seed.root(seed))
      .normals(n)
      .map((z) => z * z)
    const { values } = Lanczos.topEigenpairs(
      (v, out) => v.forEach((x, i) => (out[i] = spectrum[i]! * x)),
      {
        dimension: n,
        count: 1,
        seed: Seed.root(seed),
        subspace: steps + 2,
        maxProducts: steps + 1,
        kernels,
      },
    )
    const found = 1 - values[0]! / Math.max(...spectrum)
    return Margin.all(
      Margin.equal(chance, failure, { relative: 1e-9 }),
      Margin.atMost(found, share),
    )
  },
  controls: [
    {
      name: "a step more",
      value: (d, steps, failure) => Theory.lanczosShortfall(d, steps + 1, failure),
    },
    {
      name: "whatever the dimension",
      value: (_, steps, failure) => Theory.lanczosShortfall(1, steps, failure),
    },
  ],
})
