import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Seed from "@nonconvex/numerics/Seed"
import { equilibrium } from "../../game/Equilibria.ts"
import { same } from "../support/ChangedGame.ts"
import { streamOf } from "../support/GameShape.ts"
import { derived } from "../support/Paper.ts"

const shape = { rows: Draw.integer(1, 12), columns: Draw.integer(1, 12), seed: Draw.seed() }

export const equilibriumInAnyUnits = claim({
  id: "reproducible-minimax/equilibrium-in-any-units",
  statement:
    "Adding an integer to integer payoffs, and multiplying by a power of two, leaves the published strategies unchanged bit for bit, and transforms the value equally.",
  inFloatingPoint: "bits",
  source: Kind.identity(
    derived("entries from 1 to 2 in place of payoffs: their least subtracted, by a power of two"),
  ),
  instances: Draw.record({
    ...shape,
    /** Payoffs are integers up to this: small ones make ties. */
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
