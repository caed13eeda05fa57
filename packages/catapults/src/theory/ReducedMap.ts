/**
 * Gradient descent on a two-layer linear network with one sample and label 0, in two variables: `u = e^2 |x|^2 f^2 / m`
 * and `kappa = e lambda`. Exact at any width (Lewkowycz et al. 2020 as recalled, for general inputs derived here):
 *
 *     u <- (1 - kappa + u)^2 u,  kappa <- kappa - u (4 - kappa)
 *
 * Reachable states satisfy `0 <= u <= kappa^2 / 4`. Below kappa = 2 the loss falls from the start. From 2 to 4 a
 * catapult occurs and kappa never rises. At 4 it is chaotic, and above 4 it diverges.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"

/** A state of the map. */
export interface Reduced {
  readonly u: number
  readonly kappa: number
}

/** One step. */
export const step = ({ kappa, u }: Reduced): Reduced => ({
  u: Elementary.square(1 - kappa + u) * u,
  kappa: kappa - u * (4 - kappa),
})

/** The largest u that a network of this kappa can have: its two layers are then parallel. */
export const largest = (kappa: number): number => (kappa * kappa) / 4

/** kappa after a step from that state: `kappa (1 - kappa / 2)^2`. */
export const balanced = (kappa: number): number => kappa * Elementary.square(1 - kappa / 2)

/** u after t steps at kappa = 4 from `u = 4 cos^2 phi`: `4 cos^2(3^t phi)`. */
export const chaotic = (phi: number, steps: number): number =>
  4 * Elementary.square(Elementary.cos(Elementary.pow(3, steps) * phi))

/**
 * Runs until u is below 1e-24 of its largest value, kappa exceeds 1e6, or 20,000 steps are taken; returns the last
 * kappa and the reason.
 */
export const follow = (start: Reduced) => {
  let { kappa, u } = start
  let peak = u
  for (let t = 0; t < 20_000; t++) {
    if (!(kappa <= 1e6)) return { kappa, outcome: "diverged" }
    if (u <= 1e-24 * Math.max(peak, Number.MIN_VALUE / 1e-24)) return { kappa, outcome: "settled" }
    ;({ kappa, u } = step({ kappa, u }))
    peak = Math.max(peak, u)
  }
  return { kappa, outcome: "budget" }
}

/** Phases of log u over one period of the growth; the end state depends on the phase, so results are ranges. */
const phases = 12

/** Range of kappa after a catapult from a small loss, relative to its initial value. */
export const expectedDrop = (kappa: number): readonly [least: number, most: number] => {
  const period = Math.max(1.1, Elementary.square(kappa - 1))
  const ends = Array.from(
    { length: phases },
    (_, k) => follow({ u: 1e-8 * Elementary.pow(period, k / phases), kappa }).kappa / kappa,
  )
  return [Math.min(...ends), Math.max(...ends)]
}

/**
 * Final kernel of one sample of a two-layer linear network for `kappa = 2 + delta`: `4 - kappa - c delta^2`,
 * between `least` and `most`. Measured here for delta in [0.1, 0.5].
 */
export const catapultEnd = (kappa: number): { readonly least: number; readonly most: number } => {
  const squared = Elementary.square(kappa - 2)
  return { least: 4 - kappa - 0.95 * squared, most: 4 - kappa - 0.65 * squared }
}

/** Steps to the peak of that catapult, `log m / (2 log(kappa - 1))`, up to a constant. Derived here. */
export const catapultTime = (kappa: number, width: number): number =>
  Elementary.log(width) / (2 * Elementary.log(kappa - 1))
