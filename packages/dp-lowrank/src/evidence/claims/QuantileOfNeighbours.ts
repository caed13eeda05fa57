/** Odds of a private quantile on neighbouring data sets, from the exact probabilities of permute and flip. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Rational from "@nonconvex/numerics/Rational"
import * as Public from "../../privacy/Public.ts"
import type { Neighbours } from "../../privacy/Target.ts"
import { placeOf, scoresOf, sensitivityOf } from "../../statistics/Statistic.ts"
import { probabilities } from "../support/PermuteAndFlip.ts"
import { derived } from "../support/Paper.ts"
import { streamOf } from "../support/Structures.ts"

/** A few rows, one of which differs, and a grid of a few numbers. */
const quantiles = (relation: ReadonlyArray<Neighbours> = ["replace", "add-remove"]) =>
  Draw.record({
    relation: Draw.oneOf(...(relation as [Neighbours, ...Array<Neighbours>])),
    others: Draw.integer(0, 6),
    grid: Draw.integer(2, 4),
    quarters: Draw.integer(1, 3),
    weight: Draw.integer(1, 9),
    seed: Draw.seed(),
  })

export const quantileOfNeighbours = claim({
  id: "dp-lowrank/quantile-of-neighbours",
  statement:
    "If a row is replaced, or added or removed, the odds of every choice of a quantile change by at most exp(2 rate Delta), where Delta is the sensitivity of its scores.",
  inFloatingPoint: "functions",
  source: derived("sensitivity of ranks"),
  instances: quantiles(),
  value: (relation: Neighbours): Neighbours => relation,
  margin: ({ instance, value: plannedFor }) => {
    const { others, quarters, relation, seed, weight } = instance
    const grid = Public.edges(Array.from({ length: instance.grid }, (_, k) => k))
    const statistic = { kind: "quantile", column: "x", grid, share: quarters / 4 } as const
    const stream = streamOf(seed, "rows")
    const draw = () => Math.round(4 * stream.uniform() * instance.grid) / 4 - 0.5
    const common = Array.from({ length: others }, draw)
    const [own, instead] = [draw(), draw()]
    // the share of the odds that a step of the score leaves, exp(-rate)
    const left = Rational.make(BigInt(weight), 10n)
    const chances = [[...common, own], relation === "replace" ? [...common, instead] : common].map(
      (rows) => {
        const places = new Float64Array(2 * grid.length + 1)
        for (const row of rows) places[placeOf(row, grid)]!++
        return probabilities(scoresOf(statistic, places), left)
      },
    )
    const most = 2 * sensitivityOf(statistic, plannedFor(relation))
    const bound = 1 / Elementary.pow(Rational.toNumber(left), most)
    const odds = chances[0]!.flatMap((chance, k) => {
      const other = chances[1]![k]!
      return [Rational.divide(chance, other), Rational.divide(other, chance)]
    })
    const largest = Math.max(...odds.map(Rational.toNumber))
    return Margin.atMost(largest / bound, 1, 1e-12)
  },
  controls: [
    {
      name: "the sensitivity to a row more or less, where rows are replaced",
      value: (): Neighbours => "add-remove",
      instances: quantiles(["replace"]),
    },
  ],
})
