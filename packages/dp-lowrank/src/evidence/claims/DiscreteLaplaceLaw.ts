/** The sampler of the noise of counts and sums against the law that it should have, cell by cell. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Rational from "@nonconvex/numerics/Rational"
import * as DiscreteLaplace from "../../noise/DiscreteLaplace.ts"
import { IntegerDraws } from "../../noise/IntegerDraws.ts"
import { chiSquare } from "../support/ChiSquare.ts"
import { recalled } from "../support/Paper.ts"
import { wordsOf } from "../support/Structures.ts"

/** A rate numerator / denominator up to 3, so that several cells have samples; its terms may have any length. */
const rates = Draw.record({
  numerator: Draw.integer(1, 12),
  denominator: Draw.integer(4, 40),
  isLong: Draw.oneOf(false, true),
  seed: Draw.seed(),
})

type Drawn = Draw.Drawn<typeof rates>

const samples = 4000

/** 2^70 + 1 over 2^70 is 1 to all digits that samples show. */
const long = 2n ** 70n

/** Cells of the integers around 0, and the two tails. */
const cells = 6

const lawMargin = (
  { denominator, isLong, numerator, seed }: Drawn,
  ratio: number,
): Margin.Comparison => {
  const [above, below] = isLong ? [long + 1n, long] : [1n, 1n]
  const rate = Rational.make(BigInt(numerator) * above, BigInt(denominator) * below)
  const draws = new IntegerDraws(wordsOf(seed))
  const real = ratio * Rational.toNumber(rate)
  const width = Math.max(1, Math.round(1 / real / 2))
  const tail = cells + 1
  const cellOf = (x: number) => tail + Math.max(-tail, Math.min(tail, Math.round(x / width)))
  const weights = new Float64Array(2 * tail + 1)
  for (let x = -Math.ceil(40 / real); x <= 40 / real; x++) {
    weights[cellOf(x)]! += Elementary.exp(-real * Math.abs(x))
  }
  const counts = new Float64Array(weights.length)
  const margin = DiscreteLaplace.margin(rate, 0.01)
  let beyond = 0
  for (let k = 0; k < samples; k++) {
    const x = Number(DiscreteLaplace.sample(rate, draws))
    counts[cellOf(x)]!++
    if (Math.abs(x) > margin) beyond++
  }
  return Margin.all(
    chiSquare(counts, weights),
    // 40 are expected at most; 6.5 deviations more
    Margin.atMost(beyond, 40 + 6.5 * Math.sqrt(40)),
  )
}

export const discreteLaplaceLaw = claim({
  id: "dp-lowrank/discrete-laplace-law",
  statement:
    "The sampler of counts has probabilities proportional to exp(-rate |x|) for any fraction, and exceeds its margin with the stated probability at most.",
  inFloatingPoint: "statistical",
  source: recalled("Canonne, Kamath, Steinke 2020", "Algorithm 2"),
  instances: rates,
  extent: "numbers",
  value: 1,
  margin: ({ instance, value }) => lawMargin(instance, value),
  controls: [
    {
      name: "a rate larger by a fifth",
      value: 1.2,
    },
  ],
})
