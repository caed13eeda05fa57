/**
 * The squared weak metric at d = 2, k = 1 and T = 1: bounds on its mean in exact arithmetic, for every level of the
 * spectrum.
 */
import { erratum, Exact } from "@nonconvex/evidence"
import * as Interval from "@nonconvex/numerics/Interval"
import { printed } from "../support/Paper.ts"
import { at } from "../support/PrintedPlace.ts"
import { levels, weakMetricMargin } from "../support/WeakMetric.ts"

const { toText } = Exact

/**
 * Moments of the complex noise at T = 1. They are E |z|^2 and E |z|^4 off the diagonal, E (n_1 - n_2)^2 on it, and E |N|_F^2 and
 * E |N|_F^4, a multiple of chi-square.
 */
const moments = {
  z2: Exact.of(4),
  z4: Exact.of(32),
  difference2: Exact.of(8),
  norm2: Exact.of(16),
  norm4: Exact.of(384),
}

const whole = (x: number) => Exact.of(x)

/**
 * Bounds of E |M-hat_1 - M|^2 - |M_1 - M|^2 for M = diag(level + gap, level), with s = sin^2 of the angle between eigenvectors.
 * It is at least gap (2 level + gap) E s, with E s >= (E |z|^2)^2 / E |z|^2 (D^2 + 4 |z|^2) and D = gap + n_1 - n_2. It is at
 * most E |N|^2 + 2 gap E (level + gap + |N|) s, with s <= 4 |N|^2 / gap^2 (Davis and Kahan).
 */
const excessOf = (level: Exact.Value, gap: Exact.Value) => {
  const { difference2, norm2, norm4, z2, z4 } = moments
  const denominator = Exact.add(
    Exact.multiply(z2, Exact.add(Exact.square(gap), difference2)),
    Exact.multiply(whole(4), z4),
  )
  const turn = Exact.divide(Exact.square(z2), denominator)
  const factor = Exact.multiply(gap, Exact.add(Exact.multiply(whole(2), level), gap))
  const cube = Exact.sqrt(Exact.multiply(norm2, norm4))
  const most = Exact.add(
    norm2,
    Exact.multiply(
      Exact.divide(whole(8), gap),
      Exact.add(Exact.multiply(Exact.add(level, gap), norm2), cube),
    ),
  )
  return { turn, factor, least: Exact.multiply(turn, factor), most }
}

/** The mean of the squares, or of the norms. A root is concave, so its mean is at most the root of the mean. */
const meanOf = (level: Exact.Value, gap: Exact.Value, power: 1 | 2): Exact.Value => {
  const { least, most } = excessOf(level, gap)
  if (power === 2) return Interval.hull(Exact.interval(least), Exact.interval(most))
  const norm = Exact.subtract(Exact.sqrt(Exact.add(Exact.square(level), most)), level)
  return Interval.hull(Interval.point(0), Exact.interval(norm))
}

interface Statement {
  readonly power: 1 | 2
  /** In units of k d T, or of its square root. */
  readonly limit: number
}

/** A level of 1,000 under a gap of 20, where k d T = 2. */
const weakMetricCounterexample = Exact.counterexample<"level" | "gap", Statement>({
  instance: { level: "1000", gap: "20" },
  printed: { power: 2, limit: 100 },
  work: ({ gap, level }, { limit, power }) => {
    const { factor, least, turn } = excessOf(level, gap)
    const unit = power === 2 ? whole(2) : Exact.sqrt(whole(2))
    return {
      steps: [
        "M = diag(level + gap, level) at d = 2, k = 1, T = 1: the gap is above 12 sqrt(T d), for 400 > 288",
        "the noise is n_1 and n_2 of variance 4, and z with E |z|^2 = 4 and E |z|^4 = 32",
        `with its vector at an angle t to e_1, whatever its eigenvalue, |M-hat_1 - M|^2 - |M_1 - M|^2 >= gap (2 level + gap) sin^2 t = ${toText(factor)} sin^2 t`,
        `sin^2 t >= |z|^2 / (D^2 + 4 |z|^2) for D = gap + n_1 - n_2, and by Cauchy and Schwarz E sin^2 t >= 16 / (4 (gap^2 + 8) + 128) = ${toText(turn)}`,
        `so the mean is at least ${toText(least)}, where 100 k d T = 200; it grows with the level, past any multiple of k d T`,
      ],
      compared: Exact.atMost(meanOf(level, gap, power), Exact.multiply(whole(limit), unit)),
    }
  },
  controls: [
    ["3 sqrt(k d T) for the norms, without squares", { statement: { power: 1, limit: 3 } }],
    ["a level of 0", { instance: { level: "0" } }],
  ],
})

export const squaredWeakMetric = erratum({
  id: "dp-lowrank/squared-weak-metric",
  statement:
    "E |M-hat_k - M|_F^2 - |M_k - M|_F^2 is of order k d T where the gap condition holds, with a constant that does not depend on the level of the spectrum.",
  extent: { dimension: 20, rank: 3 },
  source: printed("Appendix H"),
  class: "scope",
  read: at("Appendix H"),
  instances: levels(),
  margin: ({ instance, kernels }) =>
    weakMetricMargin(instance, { kernels }, { power: 2, limit: 100, isGapped: true }),
  exact: weakMetricCounterexample,
  corrected: "dp-lowrank/weak-metric",
  explanation:
    "It grows like the level: lost eigenvalues of size L turn a rotation of order one into a loss of order L. At d = 20, k = 3 and a gap of 12 sqrt(T d) above d - k eigenvalues L it is 8 k d T at L = 0 and above 1,000 at L = 10,000. Without the squares the bound holds. We read the statement so that the constant may not depend on the level.",
})
