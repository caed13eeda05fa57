/**
 * Optimality of the error: no private mechanism of any kind is better on all tables by more than the square root of a
 * logarithm.
 *
 * Derived here, after Assouad. There are k (d - k) bits. Each is the sign in w rows (e_i +- e_j) / sqrt 2 of a table with many
 * rows along the first k axes. Flipping a bit replaces w rows and moves two entries of M_k by about w. Over such neighbours a
 * private mechanism has a total variation of at most 1 - 2 (1 - delta') / (e^(w epsilon) + 1), with delta' for a group of w. For
 * two laws with means m+ and m-, the squared errors of every estimate sum to at least (m+ - m-)^2 (1 - TV) / 2.
 */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import * as LowRank from "../../components/LowRank.ts"
import { unsafePerturb } from "../../noise/Idealised.ts"
import * as Mechanism from "../../noise/GaussianMechanism.ts"
import * as Public from "../../privacy/Public.ts"
import type { Target } from "../../privacy/Target.ts"
import { derived } from "../support/Paper.ts"
import { streamOf } from "../support/Structures.ts"

const instances = Draw.record({
  dimension: Draw.integer(6, 10),
  rank: Draw.oneOf<number>(1, 2),
  epsilon: Draw.oneOf<number>(0.25, 0.5, 1, 2),
  delta: Draw.oneOf<number>(1e-9, 1e-6, 1e-4),
  seed: Draw.seed(),
})

type Instance = Draw.Drawn<typeof instances>

/** Rows of a bit: about where w^2 / (e^(w epsilon) + 1) is largest. */
const rowsOf = (epsilon: number): number => Math.max(1, Math.round(2.2 / epsilon))

/** Sum of outer products of the rows of a table whose bits are signs by rank and other axis. */
const tableOf = (bits: Float64Array, { dimension: d, rank: k }: Instance, w: number) => {
  const matrix = new Float64Array(d * d)
  for (let i = 0; i < k; i++) {
    // so far above the bits that they tilt the first k eigenvectors, and do no more
    matrix[i * d + i]! += 100 * w * d
    for (let j = k; j < d; j++) {
      matrix[i * d + i]! += w / 2
      matrix[j * d + j]! += w / 2
      matrix[i * d + j] = (bits[i * (d - k) + j - k]! * w) / 2
      matrix[j * d + i] = matrix[i * d + j]!
    }
  }
  return matrix
}

/** 1 minus the largest total variation of private outputs on tables that differ in w rows. */
const overlap = ({ delta, epsilon }: Target, w: number): number => {
  const ofGroup = (delta * Elementary.expm1(w * epsilon)) / Elementary.expm1(epsilon)
  return (2 * (1 - ofGroup)) / (Elementary.exp(w * epsilon) + 1)
}

/**
 * Root mean squares over tables: the lower bound for every private mechanism, and the error of isotropic noise at a share of
 * its scale.
 */
const compared = (instance: Instance, { kernels }: Given, share: number) => {
  const { delta, dimension: d, epsilon, rank: k, seed } = instance
  const target = { epsilon, delta }
  const calibrated = Mechanism.isotropic({
    ...target,
    neighbours: "replace",
    bound: Public.bound(1),
  })
  const mechanism = { ...calibrated, scale: share * calibrated.scale }
  const w = rowsOf(epsilon)
  const stream = streamOf(seed, "tables and noise")
  const bestOf = (matrix: Float64Array) => LowRank.best({ dimension: d, matrix }, k, kernels)
  const tables = 4
  const draws = 10
  let [least, squares] = [0, 0]
  for (let t = 0; t < tables; t++) {
    const bits = Float64Array.from({ length: k * (d - k) }, () => stream.sign())
    const matrix = tableOf(bits, instance, w)
    const exact = bestOf(matrix)
    bits.forEach((bit, at) => {
      bits[at] = -bit
      const entry = Math.floor(at / (d - k)) * d + k + (at % (d - k))
      const moved = exact[entry]! - bestOf(tableOf(bits, instance, w))[entry]!
      bits[at] = bit
      least += ((moved * moved) / 2) * (overlap(target, w) / tables)
    })
    for (let draw = 0; draw < draws; draw++) {
      const noisy = unsafePerturb(matrix, d, mechanism, stream, kernels)
      squares +=
        Elementary.square(Vector.distance(LowRank.best(noisy, k, kernels), exact)) /
        (tables * draws)
    }
  }
  return { least: Math.sqrt(least), measured: Math.sqrt(squares) }
}

export const noMechanismIsMuchBetter = claim({
  id: "dp-lowrank/no-mechanism-is-much-better",
  statement:
    "On tables of k (d - k) bits of w rows, isotropic noise has a root mean square error of at least w sqrt(k (d - k) / (e^(w epsilon) + 1)). This holds up to terms in delta and the curvature. The error is at most 6 sqrt(log(1.25 / delta)) times that. Assouad's lemma gives this lower bound for every private mechanism; here one mechanism is run.",
  inFloatingPoint: "functions",
  source: derived(
    "the error of Theorems 1 and 2 is of the optimal order over all private mechanisms, up to the root of the logarithm of 1 / delta: by Assouad's lemma",
  ),
  instances,
  value: 1,
  margin: ({ instance, kernels, value: share }) => {
    const { least, measured } = compared(instance, { kernels }, share)
    return Margin.all(
      Margin.atLeast(measured, least),
      Margin.atMost(measured / least, 6 * Math.sqrt(Elementary.log(1.25 / instance.delta))),
    )
  },
  controls: [{ name: "a thirtieth of the noise, which is not private", value: 1 / 30 }],
})
