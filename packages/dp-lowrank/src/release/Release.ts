/** The release of a private scatter matrix on a grid: the one place where noise meets data. */
import * as Decimal from "@nonconvex/numerics/Decimal"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import { isGenuine } from "../noise/Cryptographic.ts"
import type { Source } from "../noise/Entropy.ts"
import * as DiscreteGaussian from "../noise/DiscreteGaussian.ts"
import type { GridPlan } from "./GridPlan.ts"
import { IntegerDraws } from "../noise/IntegerDraws.ts"
import type { Permit, Receipt } from "./Permit.ts"
import { type PrivateScatter, reveal, rounding } from "./PrivateScatter.ts"
import type { Mechanism } from "../noise/GaussianMechanism.ts"
import type { Noisy } from "../components/Noisy.ts"

/**
 * Noisy scatter matrix, or the mean that `perRow` makes of it. All of it is public, and anything computed from it costs no
 * further privacy.
 */
export interface NoisyScatter extends Noisy {
  /** Entries of the `matrix` of a sum are exact multiples of it; a mean (`perRow`) is also rounded to float64. */
  readonly grid: number
  readonly mechanism: Mechanism
  readonly privacy: GridPlan["privacy"]
  /** Ledger entry that paid for it; undefined without a ledger. */
  readonly receipt: Receipt | undefined
  /** Undefined for the operating system's generator; else the name of the generator that voids the guarantee. */
  readonly unsafeSource: string | undefined
}

/**
 * Noisy sum before payment. No part of it, and nothing computed from it, may leave the process before `Ledger.pay` turns it
 * into a release.
 */
export interface Draft {
  readonly plan: GridPlan
  readonly noisy: NoisyScatter & { readonly receipt: undefined }
}

/** A release that a ledger paid for. */
export interface PaidScatter extends NoisyScatter {
  readonly receipt: Receipt
}

/** Requires a plan for the dimension and the bound of the data, both public. Throws InvalidInput. */
export const requireFit = (scatter: PrivateScatter, plan: GridPlan): void => {
  const { dimension, mechanism } = plan
  if (scatter.dimension !== dimension || scatter.bound !== mechanism.bound) {
    invalid("Release.release", "the plan must be for the dimension and the bound of the data", {
      dimension: scatter.dimension,
      planned: dimension,
      bound: scatter.bound,
      plannedBound: mechanism.bound,
    })
  }
}

/** Name of a source other than the operating system's generator. */
export const nameOf = (source: Source): string | undefined => {
  if (isGenuine(source)) return undefined
  return source._tag === "Unsafe" ? source.name : "a generator of unknown origin"
}

/** Part of a plan that decides its noise. */
type NoiseSteps = Pick<GridPlan, "dimension" | "diagonalSteps" | "offDiagonalSteps">

/** Approximate number of progress reports while the noise is drawn. */
const drawnAtOnce = 2 ** 16

/**
 * Noise for the upper triangle, row by row, in steps of the grid. These integers must stay secret, since the release contains
 * them. `onDrawn` gets their count.
 */
export const drawNoise = (
  { diagonalSteps, dimension: d, offDiagonalSteps }: NoiseSteps,
  source: Source,
  onDrawn?: (drawn: number) => void,
): Float64Array => {
  const draws = new IntegerDraws(source)
  const noise = new Float64Array((d * (d + 1)) / 2)
  let next = 0
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) {
      noise[next++] = DiscreteGaussian.sample(i === j ? diagonalSteps : offDiagonalSteps, draws)
      if (next % drawnAtOnce === 0) onDrawn?.(next)
    }
  }
  draws.wipe()
  onDrawn?.(noise.length)
  return noise
}

/** Adds noise to the rounded matrix of a sum that the plan fits. */
export const addNoise = (
  scatter: PrivateScatter,
  plan: GridPlan,
  noise: Float64Array,
  source: Source,
): Draft["noisy"] => {
  const { dimension: d, exponent, mechanism } = plan
  const round = rounding(reveal(scatter), exponent)
  const grid = Elementary.powerOfTwo(exponent)
  const matrix = new Float64Array(d * d)
  let next = 0
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) {
      const value = (round(i * d + j) + noise[next++]!) * grid
      matrix[i * d + j] = value
      matrix[j * d + i] = value
    }
  }
  return {
    dimension: d,
    matrix,
    grid,
    diagonalScale: plan.diagonalSteps * grid,
    offDiagonalScale: plan.offDiagonalSteps * grid,
    mechanism,
    privacy: plan.privacy,
    receipt: undefined,
    unsafeSource: nameOf(source),
  }
}

/**
 * Adds discrete Gaussian noise to the rounded matrix, entry by entry of the upper triangle in fixed order. Uses up the permit.
 *
 * Sums of grid points are exact below 2^52 steps, which the bound on the rows guarantees; the result depends on the data
 * only through them. Throws InvalidInput if the plan is for another dimension or bound, and PermitUsed if the permit was
 * used before.
 *
 * @example
 * ```ts import.meta.vitest
 * import { GridPlan, Mechanism, Permit, PrivateScatter, Public, release } from "@nonconvex/dp-lowrank"
 * import { operatingSystem } from "@nonconvex/dp-lowrank/node"
 *
 * const bound = Public.bound(1)
 * const scatter = PrivateScatter.make({ dimension: 2, bound })
 * scatter.add(Float64Array.of(0.6, 0.8, 0, 1))
 * const target = { epsilon: 1, delta: 1e-6, neighbours: "replace", bound } as const
 * const plan = GridPlan.make(Mechanism.isotropic(target), 2)
 * const noisy = release(scatter, Permit.withoutLedger(plan), operatingSystem)
 * noisy.matrix[1] === noisy.matrix[2] // => true
 * ```
 */
export const release = (scatter: PrivateScatter, permit: Permit, source: Source): NoisyScatter => {
  const { plan } = permit
  requireFit(scatter, plan)
  permit.use()
  const noisy = addNoise(scatter, plan, drawNoise(plan, source), source)
  return { ...noisy, receipt: permit.receipt }
}

/** Describes the pairs of data sets that a release makes indistinguishable. */
export const relation = ({
  neighbours,
  rowsPerPerson: rows,
}: Pick<GridPlan["privacy"], "neighbours" | "rowsPerPerson">): string => {
  const change = neighbours === "replace" ? "replaced by" : "added or removed"
  const [is, others] =
    rows === 1
      ? ["one row is", "another"]
      : [`all rows of one person, up to ${rows}, are`, "others"]
  return neighbours === "replace" ? `${is} ${change} ${others}` : `${is} ${change}`
}

/** Statement of a release whose noise is known to others. */
export const noPrivacy = (unsafeSource: string): string =>
  `No privacy: the noise came from ${unsafeSource}, not from the operating system.`

/**
 * States the guarantee of a release in a sentence for the people in the data; epsilon and rho rounded up.
 */
export const statement = ({ mechanism, privacy, unsafeSource }: NoisyScatter): string => {
  if (unsafeSource !== undefined) return noPrivacy(unsafeSource)
  const { delta, epsilon, rho } = privacy
  return (
    `(${Decimal.ceil(epsilon, 6)}, ${delta})-differentially private where ${relation(privacy)}, ` +
    `rows clipped to norm ${mechanism.bound}; ${Decimal.ceil(rho, 6)}-zCDP. ` +
    "Discrete Gaussian noise in exact arithmetic, from the operating system."
  )
}
