/** The integer sampler against the law that it should have, cell by cell. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as DiscreteGaussian from "../../noise/DiscreteGaussian.ts"
import * as Entropy from "../../noise/Entropy.ts"
import { IntegerDraws } from "../../noise/IntegerDraws.ts"
import * as WholeDeviations from "../../noise/WholeDeviations.ts"
import { chiSquare } from "../support/ChiSquare.ts"
import { recalled } from "../support/Paper.ts"
import { wordsOf } from "../support/Structures.ts"

const discrete = Draw.record({ t: Draw.integer(1, 12), seed: Draw.seed() })

type Discrete = Draw.Drawn<typeof discrete>

/** Chi-square of `n` samples in 2 `cells` + 1 cells around 0, of `width` integers each, and the two tails. */
export const discreteMargin = (
  { seed, t }: Discrete,
  deviation: number,
  n = 10_000,
  cells = 4,
  width = Math.max(1, Math.round(t / 2)),
): Margin.Comparison => {
  const draws = new IntegerDraws(wordsOf(seed))
  const tail = cells + 1
  const cellOf = (x: number) => Math.max(-tail, Math.min(tail, Math.round(x / width)))
  const expected = new Float64Array(2 * tail + 1)
  for (let x = -40 * t; x <= 40 * t; x++) {
    expected[cellOf(x) + tail]! += Elementary.exp(-0.5 * Elementary.square(x / (deviation * t)))
  }
  const counts = new Float64Array(expected.length)
  for (let k = 0; k < n; k++) counts[cellOf(DiscreteGaussian.sample(t, draws)) + tail]!++
  return chiSquare(counts, expected)
}

/** The coins that the sampler throws, `n` of each, within six deviations and a half. */
const coinMargin = ({ seed, t }: Discrete, n = 4000): Margin.Comparison => {
  const draws = new IntegerDraws(wordsOf(seed))
  const [above, below] = [Math.ceil(t / 2), t]
  const part = above / below
  const margins = [
    [() => draws.coinExp(above, below), part],
    [() => draws.coinExp(1, 1), 1],
    [() => draws.coinExpHalfSquare(above, below), (part * part) / 2],
    [() => draws.coinExpHalfSquare(1, 1), 1 / 2],
  ] as const
  return Margin.all(
    ...margins.map(([coin, exponent]) => {
      let heads = 0
      for (let k = 0; k < n; k++) if (coin()) heads++
      const p = Elementary.exp(-exponent)
      return Margin.equal(heads / n, p, { absolute: 6.5 * Math.sqrt((p * (1 - p)) / n) })
    }),
  )
}

/** Compares the drawn cell for these words, with the last word repeated forever, with the expected one. */
const drawnMargin = (given: ReadonlyArray<number>, cell: number): Margin.Comparison => {
  const source = Entropy.unsafe("given words", (words) => words.fill(given.at(-1)!).set(given))
  return Margin.equal(WholeDeviations.sample(new IntegerDraws(source)), cell, { absolute: 0 })
}

const word = 2 ** 32

/**
 * Compares the first cells of the integer part with float64 sums that locate the end of each to 1 in 2^32. It also checks
 * draws inside the cells and at their ends.
 */
const cellMargin = (): Margin.Comparison => {
  const weights = Array.from({ length: 40 }, (_, k) => Elementary.exp(-0.5 * k * k))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const { ends, starts } = WholeDeviations.cells(32)
  const twice = WholeDeviations.cells(64).ends
  let below = 0
  const bounds = weights.slice(0, 6).map((weight) => ((below += weight) / total) * word)
  return Margin.all(
    ...bounds.map((bound, k) => {
      // a word that leaves the cell open, and two that do
      const first = Math.floor(bound)
      const both = [Number(twice[k]! >> 32n), Number(twice[k]! & 0xffff_ffffn)]
      return Margin.all(
        Margin.equal(Number(ends[k]), first, { absolute: 0 }),
        Margin.equal(Number(starts[k]), Math.ceil(bound), { absolute: 0 }),
        drawnMargin([first, 0], k),
        drawnMargin([first, word - 1], k + 1),
        drawnMargin([...both, 0], k),
        drawnMargin([...both, word - 1], k + 1),
      )
    }),
    ...Array.from({ length: 32 }, (_, bit) => {
      const one = Elementary.powerOfTwo(bit)
      return drawnMargin([one], bounds.filter((bound) => bound <= one).length)
    }),
  )
}

export const discreteGaussianLaw = claim({
  id: "dp-lowrank/discrete-gaussian-law",
  statement:
    "The integer sampler has probabilities proportional to exp(-x^2 / (2 t^2)), its coins have the stated biases, and the cells of its whole deviations end at the sums of exp(-k^2 / 2).",
  inFloatingPoint: "statistical",
  source: recalled("Karney 2016", "Algorithm N"),
  instances: discrete,
  value: 1,
  margin: ({ instance, value: deviation }) =>
    Margin.all(discreteMargin(instance, deviation), coinMargin(instance), cellMargin()),
  controls: [{ name: "a deviation larger by a tenth", value: 1.1 }],
})
