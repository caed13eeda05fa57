/** What is published of a matrix game that is solved to the last digits. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { matrixGame } from "@nonconvex/problems/BilinearGame"
import { equilibrium } from "../../game/Equilibria.ts"
import * as InteriorPoint from "../../game/InteriorPoint.ts"
import { polish } from "../../game/RegularisedPoint.ts"
import { saddlePoint } from "../../problem/Problem.ts"
import { same } from "../support/ChangedGame.ts"
import { derived } from "../support/Paper.ts"
import type { Drawn } from "../support/RandomProblem.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

const shape = { rows: Draw.integer(1, 12), columns: Draw.integer(1, 12), seed: Draw.seed() }

const streamOf = (seed: number) => RandomStream.make(Seed.root(seed).child("payoffs"))

export const units = claim({
  id: "reproducible-minimax/equilibrium-in-any-units",
  statement:
    "Whole payoffs with a whole number added, and times a power of two, have the same published strategies, to the bit, and a value that moves along.",
  inFloatingPoint: "bits",
  source: derived(
    "entries from 1 to 2 in place of payoffs: their least subtracted, by a power of two",
  ),
  instances: Draw.record({
    ...shape,
    /** Payoffs are whole numbers up to this: small ones make ties. */
    most: Draw.oneOf(1, 3, 1000),
    constant: Draw.integer(-1_000_000, 1_000_000),
    exponent: Draw.integer(-30, 30),
  }),
  value: (payoff: number, _place: number) => payoff,
  margin: ({ instance, kernels, value: change }) => {
    const { columns, constant, exponent, most, rows, seed } = instance
    const stream = streamOf(seed)
    const payoffs = Float64Array.from({ length: rows * columns }, () => stream.integer(most + 1))
    const scale = Elementary.powerOfTwo(exponent)
    const [one, other] = [
      payoffs,
      payoffs.map((payoff, k) => scale * (change(payoff, k) + constant)),
    ].map((each) => equilibrium({ payoffs: each, columns, seed: Seed.root(1), kernels }))
    const moved = (value: number) => scale * (value + constant)
    const rounding = 2 ** -40 * scale * (most + Math.abs(constant))
    return Margin.all(
      Margin.holds(same(one!.published.point, other!.published.point)),
      Margin.holds(one!.target === other!.target),
      Margin.atMost(Math.abs(other!.value.least - moved(one!.value.least)), rounding),
      Margin.atMost(Math.abs(other!.value.most - moved(one!.value.most)), rounding),
    )
  },
  controls: [
    {
      name: "a first payoff that is one more",
      value: (payoff, k) => (k === 0 ? payoff + 1 : payoff),
    },
  ],
})

const plantedFields = { ...shape, support: Draw.integer(1, 6) }
type Planted = Drawn<typeof plantedFields>

/** A game whose only equilibrium is known: payoffs of what is played are moved until both players are indifferent, all others lose. */
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

export const knownEquilibrium = claim({
  id: "reproducible-minimax/only-equilibrium",
  statement:
    "Of games with one known equilibrium, it is found, proved to be the only one, and no strategy that is not part of it has a probability.",
  inFloatingPoint: "bits",
  source: derived("strict inequalities and an invertible system of what is played"),
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

export const nearbyPoint = claim({
  id: "reproducible-minimax/regularised-point-of-a-game",
  statement:
    "What an interior point and Newton's method find of a regularised matrix game is within its certificate of what extragradient finds.",
  inFloatingPoint: "limit",
  source: derived("strong monotonicity, with residuals in twice the working precision"),
  instances: Draw.record({ ...shape, strength: Draw.logarithmic(1, 0.03) }),
  value: 1,
  margin: ({ instance, kernels, value: factor }) => {
    const { seed, strength } = instance
    const columns = Math.min(instance.rows, instance.columns)
    const rows = Math.max(instance.rows, instance.columns)
    const stream = streamOf(seed)
    const matrix = Float64Array.from({ length: rows * columns }, () => 1 + stream.uniform())
    const size = rows + columns
    const found = kernels.arena.scoped((workspace) => {
      const state = InteriorPoint.begin({ matrix, rows, columns, strength, kernels, workspace })
      while (state.status === "running" && state.gap > 1e-14) InteriorPoint.step(state)
      return polish(state)
    })
    const center = new Float64Array(size).fill(1 / rows, 0, rows).fill(1 / columns, rows)
    const problem = saddlePoint(matrixGame({ matrix, columns, kernels }), { error: 0 })
    const expected = reproducibleMinimax.regularised(problem, center, factor * strength, 1e-12)
    const point = Float64Array.of(...found.min, ...found.max)
    return Margin.atMost(Vector.distance(point, expected), found.distance + 1e-9)
  },
  controls: [{ name: "a strength that is a tenth more", value: 1.1 }],
})
