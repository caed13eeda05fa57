/** Gradient descent-ascent and extragradient with inexact answers, on strongly monotone problems. */
import { claim, Draw, Margin, type MarginInput } from "@nonconvex/evidence"
import { deviation, follow } from "../support/Follow.ts"
import { printed } from "../support/Paper.ts"
import * as RegularisedGame from "../support/RegularisedGame.ts"
import { type Subject, reproducibleMinimax } from "../support/Subject.ts"
import * as Theory from "../../theory/index.ts"

interface Divisors {
  readonly shorter?: number
  readonly less?: number
}

/** A scheme with steps so many times shorter than `stepOf` has them, against the bound for so many times less of the error. */
const distanceMargin =
  (
    scheme: "gradient" | "extragradient",
    stepOf: (l: number, mu: number, shorter: number) => number,
    bound: typeof Theory.inexactDescentAscent,
  ) =>
  ({
    instance,
    kernels,
    subject,
    value: { less = 1, shorter = 1 },
  }: MarginInput<RegularisedGame.InexactGame, Divisors, Subject>): Margin.Comparison => {
    const { oracle, solution, start, whole } = RegularisedGame.solved(instance, { kernels })
    const { delta, steps: T, strength: mu } = instance
    const l = whole.smoothness
    const state = follow(subject[scheme](stepOf(l, mu, shorter)), oracle, start, T)
    const allowed = bound(deviation(start, solution), { l, mu, delta: delta / less, T })
    return Margin.atMost(deviation(state.point, solution), allowed + 1e-18, 1e-9)
  }

const quick = Draw.record({
  ...RegularisedGame.inexactGameFields,
  strength: Draw.linear(0.5, 1),
  delta: Draw.logarithmic(1e-3, 1e-4),
})

export const inexactDescentAscent = claim({
  id: "reproducible-minimax/inexact-descent-ascent",
  statement:
    "On a mu-strongly monotone, l-Lipschitz problem with answers that err by delta, GDA of size mu / (4 l^2) satisfies |z_T - z*|^2 <= e^(-T / (8 kappa^2)) |z_0 - z*|^2 + (1 / l^2 + 2 / mu^2) delta^2.",
  inFloatingPoint: "run",
  source: printed("Lemma C.3"),
  subject: reproducibleMinimax,
  instances: RegularisedGame.inexactGames,
  value: {},
  margin: distanceMargin(
    "gradient",
    (l, mu, shorter) => mu / (4 * l * l) / shorter,
    Theory.inexactDescentAscent,
  ),
  controls: [
    { name: "steps a tenth as long", value: { shorter: 10 }, instances: quick },
    { name: "half of the error", value: { less: 2 } },
  ],
})

export const inexactExtragradient = claim({
  id: "reproducible-minimax/inexact-extragradient",
  statement:
    "On a mu-strongly monotone, l-Lipschitz problem with answers that err by delta, extragradient of size 1 / (2 l) satisfies |z_T - z*|^2 <= e^(-T / (8 kappa)) |z_0 - z*|^2 + (8 delta^2 / mu) (2 / l + 1 / mu).",
  inFloatingPoint: "run",
  source: printed("Lemma 4.5, Lemma C.4"),
  subject: reproducibleMinimax,
  instances: RegularisedGame.inexactGames,
  value: {},
  margin: distanceMargin(
    "extragradient",
    (l, _, shorter) => 0.5 / shorter / l,
    Theory.inexactExtragradient,
  ),
  controls: [
    { name: "steps a fiftieth as long", value: { shorter: 50 }, instances: quick },
    { name: "a tenth of the error", value: { less: 10 } },
  ],
})
