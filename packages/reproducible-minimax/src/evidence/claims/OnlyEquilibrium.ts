import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { equilibrium } from "../../game/Equilibria.ts"
import { streamOf } from "../support/GameShape.ts"
import { derived } from "../support/Paper.ts"
import type { Drawn } from "../support/RandomProblem.ts"

const shape = { rows: Draw.integer(1, 12), columns: Draw.integer(1, 12), seed: Draw.seed() }

const plantedFields = { ...shape, support: Draw.integer(1, 6) }

type Planted = Drawn<typeof plantedFields>

/**
 * Game whose only equilibrium is known: payoffs on the support are shifted until both players are indifferent, and all other
 * strategies lose.
 */
const planted = ({ columns: most, rows: least, seed, support }: Planted) => {
  const stream = streamOf(seed)
  const [rows, columns] = [Math.max(least, support), Math.max(most, support)]
  const drawn = (size: number) => {
    const weights = Float64Array.from({ length: size }, (_, i) =>
      i < support ? 0.5 + stream.uniform() : 0,
    )
    const total = weights.reduce((a, b) => a + b, 0)
    return weights.map((w) => w / total)
  }
  const [x, y] = [drawn(columns), drawn(rows)]
  const payoffs = Float64Array.from({ length: rows * columns }, () => 2 * stream.uniform() - 1)
  const at = (i: number, j: number) => payoffs[i * columns + j]!
  const rowValue = (i: number) => x.reduce((sum, p, j) => sum + p * at(i, j), 0)
  const columnValue = (j: number) => y.reduce((sum, p, i) => sum + p * at(i, j), 0)
  const [ofRows, ofColumns] = [Array.from(y.keys(), rowValue), Array.from(x.keys(), columnValue)]
  const mean = ofRows.reduce((sum, value, i) => sum + value * y[i]!, 0)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const isPlayed = i < support && j < support
      // what is not played loses a half at least
      payoffs[i * columns + j] = isPlayed
        ? at(i, j) - ofRows[i]! - ofColumns[j]! + mean
        : i >= support && j < support
          ? at(i, j) - 2
          : j >= support && i < support
            ? at(i, j) + 2
            : at(i, j)
    }
  }
  return { payoffs, columns, point: Float64Array.of(...x, ...y) }
}

export const onlyEquilibrium = claim({
  id: "reproducible-minimax/only-equilibrium",
  statement:
    "In games with one known equilibrium, it is found and proved to be the only one, and no other strategy has a positive probability.",
  inFloatingPoint: "bits",
  source: Kind.identity(derived("strict inequalities and an invertible system of what is played")),
  instances: Draw.record(plantedFields),
  value: 0,
  margin: ({ instance, kernels, value: more }) => {
    const { columns, payoffs, point } = planted(instance)
    payoffs[0]! += more
    const answer = equilibrium({ payoffs, columns, seed: Seed.root(1), kernels })
    const { certified, published, value } = answer
    // the planted one is off by what rounding its own payoffs costs it, which a weak coupling stretches
    const rounding = 1e-9
    return Margin.all(
      Margin.holds(answer.target === "equilibrium"),
      Margin.atMost(Vector.distance(certified.point, point), certified.distance + rounding),
      Margin.holds(point.every((p, i) => p > 0 === published.point[i]! > 0)),
      Margin.atMost(value.least, rounding),
      Margin.atLeast(value.most, -rounding),
    )
  },
  controls: [{ name: "a first payoff that is a hundred thousandth more", value: 1e-5 }],
})
