import { claim, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import { Irreproducible } from "../../solve/Failures.ts"
import { plan } from "../../solve/Plan.ts"
import { solve } from "../../solve/Solve.ts"
import * as Theory from "../../theory/Theory.ts"
import { certifiedGames } from "../support/CertifiedRun.ts"
import { derived } from "../support/Paper.ts"
import { expand } from "../support/RandomProblem.ts"
import { thrown } from "../support/Thrown.ts"

export const tolerancesThatContradictAreRefused = claim({
  id: "reproducible-minimax/tolerances-that-contradict-are-refused",
  statement:
    "An oracle that errs by more than gap and deviation allow together is refused before a step, with what would be possible.",
  inFloatingPoint: "program",
  source: derived("r >= 2 delta / rho and r <= 2 eps / D^2"),
  instances: certifiedGames,
  value: 1.01,
  margin: ({ instance, kernels, value: share }) => {
    const { problem, start } = expand(instance, { kernels })
    const tolerances = { gap: instance.gap, deviation: instance.deviation }
    const { allowedError } = plan(problem, start, tolerances)
    const options = { ...tolerances, failure: 0.5, seed: Seed.root(1) }
    const declared = share * allowedError
    const error = thrown(() => solve({ ...problem, error: declared }, start, options))
    if (error === undefined) return Margin.holds(false)
    return Margin.all(
      Margin.holds(error instanceof Irreproducible),
      Margin.atMost(Theory.distanceFromResidual(0, allowedError, 1), declared),
    )
  },
  controls: [{ name: "an oracle that is exact enough", value: 0.5 }],
})
