import { Draw, erratum, Exact, Margin } from "@nonconvex/evidence"
import { correctionCounterexample } from "../support/CorrectionCounterexample.ts"
import { printed } from "../support/Paper.ts"

/** Length of the correction steps at the end of Algorithms 2 and 3. */
const correctionStep = erratum({
  id: "reproducible-minimax/correction-step-of-algorithms-2-and-3",
  statement:
    "With beta = 2 l the correction steps that end Algorithms 2 and 3 satisfy beta >= 2 (smoothness of the subproblem), as Lemma C.5 needs.",
  extent: "numbers",
  source: printed("proofs of Theorems 4.6 and 4.8"),
  class: "gap in a proof",
  read: { as: "printed", place: "proofs of Theorems 4.6 and 4.8, with Lemma C.5" },
  instances: Draw.record({
    strength: Draw.logarithmic(1, 1e-3),
    algorithm: Draw.oneOf("Algorithm 3", "Algorithm 2"),
  }),
  margin: ({ instance: { algorithm, strength } }) =>
    Margin.atLeast(2, 2 * (algorithm === "Algorithm 3" ? 2 : 1 + strength)),
  exactly: ({ instance: { algorithm, strength } }) => {
    const added = algorithm === "Algorithm 3" ? Exact.one : Exact.of(strength)
    const two = Exact.of(2)
    return Exact.atLeast(two, Exact.multiply(two, Exact.add(Exact.one, added)))
  },
  exact: correctionCounterexample,
  corrected: "reproducible-minimax/corrected-point",
  explanation:
    "The subproblems are (l + r)-smooth and 2 l-smooth. With beta = 2 (l + r) and 4 l the residual of Theorem 4.8 is 33.5 delta D instead of 21 delta D and the gap of Theorem 4.6 (58 l D^2 / eps + 4.3) delta D + eps instead of (33.7 l D^2 / eps + 4.25) delta D + eps; the deviations remain valid. Only a hypothesis fails: the printed bounds held on every instance tried.",
})

export const correctionStepOfAlgorithms2And3 = correctionStep
