/** A release in floating point (noise and the top of the noisy matrix), and gaps of eigenvalues of the paper's noise. */
import {
  GridPlan,
  LowRank,
  Mechanism,
  Permit,
  PrivateScatter,
  Public,
  release as releaseExactly,
} from "@nonconvex/dp-lowrank"
import { sampleSpectra, unsafePerturb } from "@nonconvex/dp-lowrank/evidence"
import { operatingSystem } from "@nonconvex/dp-lowrank/node"
import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import { numbers } from "../src/Numbers.ts"
import type { Parameters, Work, Workload } from "../src/Workload.ts"

const releases = 0
const gaps = 1
const exact = 2
const rank = 10

const mechanism = Mechanism.isotropic({
  bound: Public.bound(1),
  epsilon: 1,
  delta: 1e-6,
  neighbours: "replace",
})

/** A matrix whose top stands far out of the noise. */
const spiked = (d: number): Float64Array => {
  const spikes = numbers(rank * d, 1)
  const out = new Float64Array(d * d)
  for (let k = 0; k < rank; k++) {
    const spike = spikes.subarray(k * d, (k + 1) * d)
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) out[i * d + j]! += 1e3 * (k + 1) * spike[i]! * spike[j]!
    }
  }
  return out
}

const release =
  (kernels: Kernels.Kernels) =>
  ({ d, kind }: Parameters): Work | undefined => {
    if (kind !== releases) return undefined
    const matrix = spiked(d!)
    const stream = RandomStream.make(Seed.root("release"))
    let values: Float64Array = new Float64Array(0)
    return {
      run: () => {
        const noisy = unsafePerturb(matrix, d!, mechanism, stream, kernels)
        values = LowRank.topK(noisy, rank, kernels).values
      },
      result: () => values,
    }
  }

const sampled = ({ count, d, kind }: Parameters): Work | undefined => {
  if (kind !== gaps) return undefined
  const stream = RandomStream.make(Seed.root("gaps"))
  const mean = new Float64Array(d! - 1)
  return {
    run: () => {
      mean.fill(0)
      const spectra = sampleSpectra(count!, d!, 2, stream)
      for (let at = 0; at < spectra.length; at += d!) {
        for (let i = 0; i < mean.length; i++) {
          mean[i]! += (spectra[at + i]! - spectra[at + i + 1]!) / count!
        }
      }
    },
    result: () => mean,
  }
}

/** The release of the product: discrete noise in integer arithmetic, from the operating system. */
const secure = ({ d, kind }: Parameters): Work | undefined => {
  if (kind !== exact) return undefined
  const scatter = PrivateScatter.make({ dimension: d!, bound: mechanism.bound })
  const plan = GridPlan.make(mechanism, d!)
  let scale = 0
  return {
    run: () => {
      const noisy = releaseExactly(scatter, Permit.withoutLedger(plan), operatingSystem)
      scale = noisy.diagonalScale
    },
    result: () => [scale],
  }
}

export const workload: Workload = {
  cases: [
    ...[250, 500, 1000].map((d) => ({
      name: `release d=${d} k=10`,
      parameters: { d, kind: releases, scale: mechanism.scale },
      family: { work: "release k=10", by: "d", size: d },
      // the draws differ: an eigenvalue of 1000 d moves by about the scale of the noise, some 10
      tolerance: 1 / d,
    })),
    ...[75, 150, 300].map((d) => ({
      name: `exact release d=${d}`,
      parameters: { d, kind: exact },
      family: { work: "exact release", by: "d", size: d },
      tolerance: 0,
    })),
    ...[5, 10, 20].map((d) => ({
      name: `1e5 eigenvalue gaps d=${d}`,
      parameters: { d, count: Math.ceil(1e5 / (d - 1)), kind: gaps },
      family: { work: "1e5 eigenvalue gaps", by: "d", size: d },
      // means of 5,264 gaps and more, whose standard deviation is a third of their mean
      tolerance: 0.03,
    })),
  ],
  implementations: [
    { name: "exact", own: true, prepare: secure },
    { name: "strict", own: true, prepare: release(Kernels.strict()) },
    { name: "relaxed", own: true, prepare: release(RelaxedKernels.relaxed()) },
    { name: "tridiagonal", own: true, prepare: sampled },
  ],
}
