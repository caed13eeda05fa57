/** Distance of the statistics of neighbouring data sets, and the odds of their releases. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Rational from "@nonconvex/numerics/Rational"
import * as Public from "../../privacy/Public.ts"
import type { Neighbours } from "../../privacy/Target.ts"
import { PrivateTallies, reveal, type Value } from "../../statistics/PrivateTallies.ts"
import type { Statistic } from "../../statistics/Statistic.ts"
import * as StatisticsPlan from "../../statistics/StatisticsPlan.ts"
import { derived } from "../support/Paper.ts"
import { streamOf } from "../support/Structures.ts"

/** Data sets that differ by the rows of one person, whose values may lie at the ends of the ranges. */
const people = (relation: ReadonlyArray<Neighbours> = ["replace", "add-remove"], least = 1) =>
  Draw.record({
    relation: Draw.oneOf(...(relation as [Neighbours, ...Array<Neighbours>])),
    rows: Draw.integer(least, 4),
    others: Draw.integer(0, 20),
    epsilon: Draw.integer(1, 300),
    isExtreme: Draw.oneOf(true, false),
    seed: Draw.seed(),
  })

type People = Draw.Drawn<ReturnType<typeof people>>

const range = Public.range(-3, 5)

const statistics: ReadonlyArray<Statistic> = [
  { kind: "mean", column: "x", range },
  { kind: "bins", column: "x", edges: Public.edges([-1, 0, 1]) },
  { kind: "categories", column: "y", categories: Public.categories(["a", "b"]) },
]

/** Promise of the plan: the relation and the rows per person that the noise is planned with. */
type Planned = (instance: People) => { readonly neighbours: Neighbours; readonly rows: number }

const planOf = (instance: People, planned: Planned): StatisticsPlan.StatisticsPlan => {
  const { neighbours, rows } = planned(instance)
  const epsilon = instance.epsilon / 100
  return StatisticsPlan.make({ statistics, epsilon, neighbours, rowsPerPerson: rows })
}

/** The statistics of both data sets. */
const bothOf = (instance: People, plan: StatisticsPlan.StatisticsPlan) => {
  const { isExtreme, others, relation, rows, seed } = instance
  const stream = streamOf(seed, "rows")
  const randomRow = (): ReadonlyArray<Value> => {
    const x = 3 * stream.normal()
    return [x, "abc"[Math.min(2, Math.floor(Math.abs(x)))]!]
  }
  const common = Array.from({ length: others }, randomRow)
  const own = Array.from({ length: rows }, () => (isExtreme ? [1e9, "a"] : randomRow()))
  const instead = Array.from({ length: rows }, () => (isExtreme ? [-1e9, "b"] : randomRow()))
  const tallyOf = (given: ReadonlyArray<ReadonlyArray<Value>>) => {
    const tallies = PrivateTallies.make(plan)
    for (const [x, y] of given) {
      tallies.add(
        plan.parts.map(({ statistic: { kind } }) =>
          kind === "count" ? undefined : kind === "categories" ? y : x,
        ),
      )
    }
    return reveal(tallies).entries
  }
  return [
    tallyOf([...common, ...own]),
    tallyOf(relation === "replace" ? [...common, ...instead] : common),
  ] as const
}

/** The largest log odds of a result on the two data sets: the sum over the entries of rate times distance, exactly. */
const logOdds = (instance: People, planned: Planned): Rational.Rational => {
  const plan = planOf(instance, planned)
  const [one, other] = bothOf(instance, plan)
  return plan.parts.reduce((sum, { rate }, k) => {
    const apart = one[k]!.reduce((all, x, i) => all + Math.abs(x - other[k]![i]!), 0)
    return Rational.add(sum, Rational.multiply(rate, Rational.make(BigInt(apart), 1n)))
  }, Rational.zero)
}

const asPlanned: Planned = ({ relation, rows }) => ({ neighbours: relation, rows })

export const statisticsOfNeighbours = claim({
  id: "dp-lowrank/statistics-of-neighbours",
  statement:
    "If all rows of a person are replaced, or added or removed, the odds of every released count, histogram and mean together change by at most e^epsilon.",
  inFloatingPoint: "functions",
  source: derived("sensitivities of integer statistics"),
  instances: people(),
  value: asPlanned,
  margin: ({ instance, value }) =>
    Margin.atMost(Rational.toNumber(logOdds(instance, value)), instance.epsilon / 100, 1e-12),
  controls: [
    {
      name: "the noise for a row more or less, where rows are replaced",
      value: ({ rows }) => ({ neighbours: "add-remove", rows }),
      instances: people(["replace"]),
    },
    {
      name: "the noise for one row of a person who has several",
      value: ({ relation }) => ({ neighbours: relation, rows: 1 }),
      instances: people(undefined, 2),
    },
  ],
})
