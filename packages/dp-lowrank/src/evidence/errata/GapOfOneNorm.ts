/** Weyl's inequality where the noise is as large as the gap, at d = 2 and k = 1. */
import { erratum, Exact } from "@nonconvex/evidence"
import { gapped } from "../support/Gapped.ts"
import { exactOrder, orderMargin } from "../support/OrderUnderNoise.ts"
import { printed } from "../support/Paper.ts"
import { at } from "../support/PrintedPlace.ts"

const { toText } = Exact

/** The order of the eigenvalues turns round. */
const gapCounterexample = Exact.counterexample<"gap" | "norm", number>({
  instance: { gap: "4", norm: "3" },
  printed: 1,
  work: ({ gap, norm }, multiple) => {
    const kept = Exact.subtract(gap, norm)
    const isAssumed = (Exact.compare(gap, Exact.multiply(Exact.of(multiple), norm)) ?? -1) >= 0
    return {
      steps: [
        `M = diag(gap, 0) and E = diag(-norm, norm), whose norm ${toText(norm)} is below the gap ${toText(gap)}`,
        `M + E = diag(${toText(kept)}, ${toText(norm)}): e_1, which belonged to the larger eigenvalue, has ${toText(kept)}, and e_2 has ${toText(norm)}`,
      ],
      // nothing is said of a gap that is less than assumed
      compared: isAssumed ? Exact.atLeast(kept, norm) : Exact.worst(),
    }
  },
  controls: [
    ["a gap of twice the norm", { statement: 2 }],
    ["noise of half of the gap", { instance: { norm: "2" } }],
  ],
})

export const gapOfOneNorm = erratum({
  id: "dp-lowrank/gap-of-one-norm",
  statement:
    "A gap of 4 sqrt(T d), which is the norm of the noise, keeps sigma_k apart from sigma_{k+1} by Weyl's inequality.",
  source: printed("Theorem 2 and equation (29)"),
  class: "gap in a proof",
  read: at("equation (29), for the gap that Theorem 2 assumes"),
  instances: gapped(),
  margin: ({ instance, kernels }) => orderMargin(instance, { kernels }, 0.99),
  exactly: ({ instance, kernels }) => exactOrder(instance, { kernels }, 0.99),
  exact: gapCounterexample,
  corrected: "dp-lowrank/order-needs-twice-the-norm",
  explanation:
    "Noise that moves sigma_k down and sigma_{k+1} up by its norm closes a gap of twice the norm: the step needs 8 sqrt(T d), which Lemma 16 has. This refutes the step, by noise constructed to swap the two. It does not refute Theorem 2, which has random noise and whose bound held in our tests at 4 sqrt(T d).",
})
