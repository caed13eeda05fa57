/** Gradient descent-ascent and extragradient with inexact answers, on strongly monotone problems. */
import { Draw, type Given, law, Margin } from "@nonconvex/evidence"
import { deviation, follow } from "../support/Follow.ts"
import { printed } from "../support/Paper.ts"
import {
  type InexactGame,
  inexactGameFields,
  inexactGames,
  solved,
} from "../support/RegularisedGame.ts"
import type { Subject } from "../support/Subject.ts"
import * as Theory from "../../theory/index.ts"

type Bound = (
  squaredDistance: number,
  constants: {
    readonly l: number
    readonly mu: number
    readonly delta: number
    readonly T: number
  },
) => number

const distanceMargin =
  (scheme: "gradient" | "extragradient", stepOf: (l: number, mu: number) => number, bound: Bound) =>
  (subject: Subject, instance: InexactGame, given: Given): number => {
    const { oracle, solution, start, whole } = solved(instance, given)
    const { delta, steps: T, strength: mu } = instance
    const l = whole.smoothness
    const state = follow(subject[scheme](stepOf(l, mu)), oracle, start, T)
    return Margin.atMost(
      deviation(state.point, solution),
      bound(deviation(start, solution), { l, mu, delta, T }) + 1e-18,
      1e-9,
    )
  }

const ascentStep = (l: number, mu: number) => mu / (4 * l * l)

export const inexactDescentAscent = law({
  id: "reproducible-minimax/inexact-descent-ascent",
  statement:
    "On a mu-strongly monotone, l-Lipschitz problem with answers that err by delta, GDA of size mu / (4 l^2) satisfies |z_T - z*|^2 <= e^(-T / (8 kappa^2)) |z_0 - z*|^2 + (1 / l^2 + 2 / mu^2) delta^2.",
  source: printed("Lemma C.3"),
  instances: inexactGames,
  margin: distanceMargin("gradient", ascentStep, Theory.inexactDescentAscent),
  controls: [
    {
      name: "steps a tenth as long",
      margin: distanceMargin(
        "gradient",
        (l, mu) => ascentStep(l, mu) / 10,
        Theory.inexactDescentAscent,
      ),
      instances: Draw.record({
        ...inexactGameFields,
        strength: Draw.linear(0.5, 1),
        delta: Draw.logarithmic(1e-3, 1e-4),
      }),
    },
    {
      name: "half of the error",
      margin: distanceMargin("gradient", ascentStep, (distance, { T, delta, l, mu }) =>
        Theory.inexactDescentAscent(distance, { T, delta: delta / 2, l, mu }),
      ),
    },
  ],
})

export const inexactExtragradient = law({
  id: "reproducible-minimax/inexact-extragradient",
  statement:
    "On a mu-strongly monotone, l-Lipschitz problem with answers that err by delta, extragradient of size 1 / (2 l) satisfies |z_T - z*|^2 <= e^(-T / (8 kappa)) |z_0 - z*|^2 + (8 delta^2 / mu) (2 / l + 1 / mu).",
  source: printed("Lemma 4.5, Lemma C.4"),
  instances: inexactGames,
  margin: distanceMargin("extragradient", (l) => 0.5 / l, Theory.inexactExtragradient),
  controls: [
    {
      name: "steps a fiftieth as long",
      margin: distanceMargin("extragradient", (l) => 0.01 / l, Theory.inexactExtragradient),
      instances: Draw.record({
        ...inexactGameFields,
        strength: Draw.linear(0.5, 1),
        delta: Draw.logarithmic(1e-3, 1e-4),
      }),
    },
    {
      name: "a tenth of the error",
      margin: distanceMargin(
        "extragradient",
        (l) => 0.5 / l,
        (distance, { T, delta, l, mu }) =>
          Theory.inexactExtragradient(distance, { T, delta: delta / 10, l, mu }),
      ),
    },
  ],
})
