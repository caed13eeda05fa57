/** How far the answers of real and of stochastic oracles are off. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { measureError } from "../../oracle/ErrorMeter.ts"
import { stochastic } from "../../oracle/InexactOracle.ts"
import { answerAt } from "../../problem/Problem.ts"
import { solve } from "../../solve/Solve.ts"
import { same } from "../support/ChangedGame.ts"
import { machines } from "../support/Machines.ts"
import { derived, printed } from "../support/Paper.ts"
import { type Drawn, expand, gameFields } from "../support/RandomProblem.ts"

const fields = { rows: Draw.integer(1, 30), columns: Draw.integer(1, 30), seed: Draw.seed() }
type Rounded = Drawn<typeof fields>

const oracles = ({ columns, rows, seed }: Rounded, { kernels }: Given) => {
  const root = Seed.root(seed)
  const stream = RandomStream.make(root.child("matrix"))
  const matrix = Float64Array.from({ length: rows * columns }, () => 2 * stream.uniform() - 1)
  return { root, ...machines({ matrix, columns, bits: 20, seed: root, kernels }) }
}

export const meter = claim({
  id: "reproducible-minimax/rounding-errors-are-bounded",
  statement:
    "What the meter reads of float32 products, permuted sums, points and answers stored in float32 and a coarse grid never exceeds the error that these oracles declare.",
  inFloatingPoint: "agreement",
  source: derived("Higham, Accuracy and Stability, section 3.1"),
  instances: Draw.record(fields),
  value: 1,
  margin: ({ instance, kernels, value: factor }) => {
    const { center, exact, root, rounding } = oracles(instance, { kernels })
    return Margin.all(
      ...Object.values(rounding).map((other) => {
        const reading = measureError(exact, other, { center, spread: 0.3, points: 20, seed: root })
        return Margin.atMost(reading.largest, factor * (other.error + exact.error))
      }),
    )
  },
  controls: [{ name: "a tenth of the declared error", value: 0.1 }],
})

export const published = claim({
  id: "reproducible-minimax/float32-publishes-the-same-bits",
  statement:
    "A matrix game solved with float32 products and with float64 publishes the same bits. False alarms: the certified deviation of 1e-4 and the failure probability of 2 % allow two in a hundred; real rounding is a thousand times smaller.",
  inFloatingPoint: "bits",
  source: derived("the certificate, and dithered rounding"),
  instances: Draw.record({ ...fields, rows: Draw.integer(1, 5), columns: Draw.integer(1, 5) }),
  value: "published",
  margin: ({ instance, kernels, value: answer }) => {
    const { center, exact, root, rounding } = oracles(instance, { kernels })
    const options = { gap: 1, deviation: 1e-4, failure: 0.02, seed: root }
    const [one, two] = [exact, rounding["float32 products"]].map(
      (problem) => solve(problem, center, options)[answer].point,
    )
    return Margin.holds(same(one!, two!))
  },
  controls: [{ name: "the answers themselves, not rounded", value: "certified" }],
})

export const unbiased = claim({
  id: "reproducible-minimax/stochastic-oracle",
  statement:
    "The stochastic oracle is unbiased, and its variance in all coordinates together is at most delta^2. False alarms: 4e-7 for each instance.",
  inFloatingPoint: "statistical",
  source: printed("Definition 4"),
  instances: Draw.record({ ...gameFields, delta: Draw.logarithmic(1, 0.01) }),
  value: [0, 1],
  /** 4.9 standard deviations, by Bonferroni over the coordinates: 1e-6 for each. */
  margin: ({ instance, kernels, value: [bias, spread] }) => {
    const { problem, start, stream } = expand(instance, { kernels })
    const { delta } = instance
    const size = start.length
    const oracle = stochastic(problem, stream("noise"), spread * delta)
    const exact = answerAt(problem, start)
    const answer = new Float64Array(size)
    const sum = new Float64Array(size)
    const count = 2000
    let squares = 0
    for (let k = 0; k < count; k++) {
      oracle.operator(start, answer)
      Vector.axpy(-1, exact, answer)
      answer[0] = answer[0]! + bias * delta
      Vector.axpy(1 / count, answer, sum)
      squares += Vector.dot(answer, answer) / count
    }
    const deviationOfMean = delta / Math.sqrt(size) / Math.sqrt(count)
    // the mean square has relative deviation sqrt(2 / (size count))
    const allowed = delta * delta * (1 + 4.9 * Math.sqrt(2 / (size * count)))
    return Margin.all(
      Margin.atMost(Vector.maxAbs(sum), 5.5 * deviationOfMean),
      Margin.atMost(squares, allowed),
    )
  },
  controls: [
    { name: "a bias of a fifth of delta", value: [0.2, 1] },
    { name: "a variance of 1.5 delta^2", value: [0, Math.sqrt(1.5)] },
  ],
})
