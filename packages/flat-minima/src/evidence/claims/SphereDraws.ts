/** Random directions are uniform on the sphere. */
import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Draws from "../../perturbation/Draws.ts"
import { matrix } from "../support/Matrices.ts"
import { derived } from "../support/Paper.ts"

const count = 4000

/** Draws of the library with points moved on the sphere. */
const changed = (root: Seed.Seed, move: (out: Float64Array) => void): Draws.Draws => {
  const draws: Draws.Draws = Draws.fromSeed(root)
  return {
    ...draws,
    fillSphere: (place, out) => {
      draws.fillSphere(place, out)
      move(out)
    },
  }
}

export const sphereDraws = claim({
  id: "flat-minima/sphere-draws",
  statement: "Perturbations have norm 1, mean 0 and second moment I / d.",
  inFloatingPoint: "statistical",
  source: Kind.identity(derived("uniform on the sphere")),
  instances: matrix(2, 6),
  value: Draws.fromSeed,
  /** First and second moments within 6 standard errors: the false-alarm probability of a run is below 1e-6. */
  margin: ({ instance: { dimension: n, seed }, value: make }) => {
    const draws = make(Seed.root(seed))
    const place = draws.begin()
    const g = new Float64Array(n)
    const mean = new Float64Array(n)
    const second = new Float64Array(n * n)
    let worstNorm = 0
    for (let k = 0; k < count; k++) {
      draws.fillSphere(place, g)
      worstNorm = Math.max(worstNorm, Math.abs(Vector.norm(g) - 1))
      for (let i = 0; i < n; i++) {
        mean[i]! += g[i]! / count
        for (let j = 0; j < n; j++) second[i * n + j]! += (g[i]! * g[j]!) / count
      }
    }
    const bound = 6 / Math.sqrt(count)
    let excess = 0
    for (let i = 0; i < n; i++) {
      excess = Math.max(excess, Math.abs(mean[i]!) * Math.sqrt(n))
      for (let j = 0; j < n; j++) {
        excess = Math.max(excess, Math.abs(second[i * n + j]! - (i === j ? 1 / n : 0)) * n)
      }
    }
    return Margin.all(Margin.atMost(worstNorm, 1e-14), Margin.atMost(excess, bound * 1.5))
  },
  controls: [
    {
      name: "points of one hemisphere",
      value: (root) =>
        changed(root, (out) => {
          out[0] = Math.abs(out[0]!)
        }),
    },
    {
      name: "points drawn towards an axis",
      value: (root) =>
        changed(root, (out) => {
          out[0]! *= 2
          Vector.normalise(out)
        }),
    },
    {
      name: "Gaussian without the normalisation",
      value: (root) => {
        const stream = RandomStream.make(root)
        return changed(root, (out) => {
          stream.fillNormal(out)
          Vector.scale(1 / Math.sqrt(out.length), out)
        })
      },
    },
  ],
})
