/** Weyl's inequality where the noise is as large as the gap, at d = 2 and k = 1. */
import { Exact } from "@nonconvex/evidence"

const { toText } = Exact

/** The order of the eigenvalues turns round. */
export const gapCounterexample = Exact.counterexample<"gap" | "norm", number>({
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
