import { claim } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { printed } from "../support/Paper.ts"
import * as RegularisedGame from "../support/RegularisedGame.ts"
import { distanceMargin, quick } from "../support/StronglyMonotoneRuns.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

export const inexactExtragradient = claim({
  id: "reproducible-minimax/inexact-extragradient",
  statement:
    "On a mu-strongly monotone, l-Lipschitz problem, let oracle errors be at most delta. Then extragradient of size 1 / (2 l) satisfies |z_T - z*|^2 <= e^(-T / (8 kappa)) |z_0 - z*|^2 + (8 delta^2 / mu) (2 / l + 1 / mu).",
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
