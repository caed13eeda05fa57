import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { scalarModel } from "../../problems/ScalarModel.ts"
import * as Theory from "../../theory/Theory.ts"
import * as Moves from "../support/Moves.ts"
import { recalled } from "../support/Paper.ts"
import { flatMinima, type Subject } from "../support/Subject.ts"

const circleInstance = Draw.record({
  x: Draw.linear(1.5, 3),
  learningRate: Draw.logarithmic(1e-2, 1e-3),
  radius: Draw.logarithmic(0.1, 0.01),
})

type Circle = Draw.Drawn<typeof circleInstance>

/** Number of directions in a mean over the circle. */
const directions = 4096

/** Moves of smoothed steps at (x, 1 / x) along all directions. */
const movesAround = (subject: Subject, { radius, x }: Circle): ReadonlyArray<Float64Array> => {
  const hyperbola = scalarModel()
  const point = Float64Array.of(x, 1 / x)
  return Array.from({ length: directions }, (_, k) => {
    const angle = (2 * Math.PI * (k + 0.5)) / directions
    const along = Float64Array.of(Elementary.cos(angle), Elementary.sin(angle))
    return Moves.smoothedMove(subject, hyperbola, point, radius, along)
  })
}

/** Moves of both steps of the sharpness-aware perturbation: its only sample has two signs. */
const bothMoves = (subject: Subject, { radius, x }: Circle): ReadonlyArray<Float64Array> =>
  [1, -1].map((sign) =>
    Moves.sharpnessAwareMove(subject, scalarModel(), Float64Array.of(x, 1 / x), radius, 0, sign),
  )

/** The mean change of the normalised trace over moves, relative to the prediction. */
const decreaseRatio = (
  moves: ReadonlyArray<Float64Array>,
  { learningRate, radius, x }: Circle,
  predicted: typeof Theory.traceDecrease,
  gain: number,
): number => {
  const point = Float64Array.of(x, 1 / x)
  const before = Theory.factorisation.trace(x, 1 / x) / 2
  let sum = 0
  let compensation = 0
  for (const move of moves) {
    const after =
      Theory.factorisation.trace(
        point[0]! - learningRate * move[0]!,
        point[1]! - learningRate * move[1]!,
      ) / 2
    const term = after - before - compensation
    const next = sum + term
    compensation = next - sum - term
    sum = next
  }
  const residual = Theory.factorisation.residual(x, 1 / x)
  return sum / moves.length / predicted(learningRate, radius, residual, gain)
}

/**
 * The same in exact arithmetic: the change, against (1/2) eta rho^2 residual^2 times `gain`, to a relative tolerance of 5
 * `times` eta times the trace.
 */
const exactDecrease = (
  moves: ReadonlyArray<Float64Array>,
  instance: Circle,
  gain: number,
  times: number,
): Exact.Compared => {
  // intervals throughout: fractions under thousands of roots would take seconds
  const of = (value: number) => Exact.interval(Exact.computed(value))
  const [eta, rho] = [of(instance.learningRate), of(instance.radius)]
  const point = [of(instance.x), of(1 / instance.x)]
  const square = ([a, b]: ReadonlyArray<Exact.Value>) =>
    Exact.square(Exact.subtract(Exact.square(a!), Exact.square(b!)))
  const traceAt = (at: ReadonlyArray<Exact.Value>) => Exact.sqrt(Exact.add(square(at), Exact.of(4)))
  const trace = traceAt(point)
  const changes = moves.map((move) => {
    const at = Array.from(move, (v, j) => Exact.subtract(point[j]!, Exact.multiply(eta, of(v))))
    return Exact.subtract(traceAt(at), trace)
  })
  const mean = Exact.divide(Exact.sum(...changes), Exact.of(2 * moves.length))
  const residualSquare = Exact.divide(square(point), trace)
  const share = Exact.product(Exact.of(-gain / 2), eta, Exact.square(rho), residualSquare)
  const width = Exact.product(Exact.of(5 * times), eta, trace)
  const off = Exact.absolute(Exact.subtract(mean, share))
  return Exact.atMost(off, Exact.multiply(width, Exact.absolute(share)))
}

/** A prediction, with the factor on that of a smoothed step for each perturbation. */
interface Decrease {
  readonly predicted: typeof Theory.traceDecrease
  readonly smoothed: number
  readonly aware: number
}

const lemma2: Decrease = { predicted: Theory.traceDecrease, smoothed: 1, aware: 2 }

export const traceDecrease = claim({
  id: "flat-minima/trace-decrease",
  statement:
    "At a minimum of (x y - 1)^2 / 2 a smoothed step changes the trace of the limit by -(1/2) eta rho^2 residual^2 on average. The relative error is at most 5 eta times the top eigenvalue.",
  extent: { dimension: 2 },
  source: recalled("lemma 2"),
  subject: flatMinima,
  instances: circleInstance,
  value: lemma2,
  margin: ({ instance, subject, value: { predicted } }) => {
    const width = 5 * instance.learningRate * Theory.factorisation.trace(instance.x, 1 / instance.x)
    return Margin.all(
      Margin.equal(decreaseRatio(movesAround(subject, instance), instance, predicted, 1), 1, {
        absolute: width,
      }),
      Margin.equal(decreaseRatio(bothMoves(subject, instance), instance, predicted, 2), 1, {
        absolute: 4 * width,
      }),
    )
  },
  exactly: ({ instance, subject, value: { aware, smoothed } }) =>
    Exact.worst(
      exactDecrease(movesAround(subject, instance), instance, smoothed, 1),
      exactDecrease(bothMoves(subject, instance), instance, aware, 4),
    ),
  controls: [
    {
      name: "without the factor 1/2",
      value: {
        predicted: (eta, rho, r) => 2 * Theory.traceDecrease(eta, rho, r),
        smoothed: 2,
        aware: 2,
      },
    },
    {
      name: "d times as much",
      value: {
        predicted: (eta, rho, r) => Theory.traceDecrease(eta, rho, r, 2),
        smoothed: 2,
        aware: 2,
      },
    },
  ],
})
