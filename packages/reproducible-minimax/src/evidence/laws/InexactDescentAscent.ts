import { claim } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { printed } from "../support/Paper.ts"
import * as RegularisedGame from "../support/RegularisedGame.ts"
import { distanceMargin, quick } from "../support/StronglyMonotoneRuns.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

export const inexactDescentAscent = claim({
  id: "reproducible-minimax/inexact-descent-ascent",
  statement:
    "On a mu-strongly monotone, l-Lipschitz problem, let oracle errors be at most delta. Then GDA of size mu / (4 l^2) satisfies |z_T - z*|^2 <= e^(-T / (8 kappa^2)) |z_0 - z*|^2 + (1 / l^2 + 2 / mu^2) delta^2.",
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
