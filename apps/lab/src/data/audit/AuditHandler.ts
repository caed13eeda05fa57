import { audit, system } from "@nonconvex/dp-lowrank/operations"
import { operate } from "@nonconvex/runner/Operations"
import { Effect } from "effect"
import * as Capabilities from "../../cli/Capabilities.ts"
import * as Output from "../../cli/Output.ts"
import { track } from "../../cli/Progress.ts"
import * as AuditReport from "./AuditReport.ts"
import type { Input } from "./AuditFlags.ts"
import * as Outputs from "./Outputs.ts"
import { WithoutPromise } from "./WithoutPromise.ts"
import { reported } from "../../cli/Failure.ts"

/** Audits one of our mechanisms by running it. */
const ofMechanism = Effect.fnUntraced(function* (asked: Input, samples: number) {
  const { epsilon, json, kernels, neighbours, other: _, ...input } = asked
  if (epsilon === undefined || neighbours === undefined) {
    return yield* new WithoutPromise({
      missing: [
        ...(neighbours === undefined ? ["neighbours"] : []),
        ...(epsilon === undefined ? ["epsilon"] : []),
      ],
    })
  }
  const total = 2 * samples
  const found = yield* track({ label: "audit", total, unit: "samples" }, ({ done }) =>
    // an audit that is faster than progress is reported in the end alone
    Effect.tap(
      operate(system, audit, { ...input, epsilon, neighbours, samples }, ({ drawn }) =>
        done(drawn),
      ),
      Effect.sync(() => done(total)),
    ),
  )
  const { bound, confidence, delta, exact, mechanism, noise } = input
  const report: AuditReport.AuditReport = {
    mechanism,
    path: exact ? "release" : "idealised noise",
    neighbours,
    bound,
    epsilon,
    delta,
    noise,
    confidence,
    kernels,
    ...found,
  }
  yield* json
    ? Output.json(AuditReport.AuditReport, report)
    : Output.text(AuditReport.render(report))
  if (report.verdict === "violation") {
    return yield* new AuditReport.NotPrivate({
      mechanism,
      epsilon,
      shown: report.epsilonLowerBound,
    })
  }
})

export const handle = Effect.fn("audit")(
  function* (input: Input) {
    return yield* typeof input.samples === "number"
      ? ofMechanism(input, input.samples)
      : Outputs.audit(input, input.samples)
  },
  (work, { kernels }) => Effect.provide(work, Capabilities.layer({ kernels })),
  reported,
)
