import { DpLowrank } from "@nonconvex/dp-lowrank/evidence"
import { layer } from "@nonconvex/dp-lowrank/node"
import { Console, Effect, Layer } from "effect"
import * as Capable from "../../cli/Capable.ts"
import * as Output from "../../cli/Output.ts"
import { track } from "../../cli/Progress.ts"
import * as AuditReport from "./AuditReport.ts"
import type { Input } from "./Audit.ts"

export const handle = Effect.fn("audit")(
  function* ({ json, kernels, ...input }: Input) {
    const service = yield* DpLowrank
    const total = 2 * input.samples
    const found = yield* track({ label: "audit", total, unit: "samples" }, ({ done }) =>
      // an audit that is faster than progress is reported in the end alone
      Effect.tap(
        service.audit(input, done),
        Effect.sync(() => done(total)),
      ),
    )
    const { bound, confidence, delta, epsilon, exact, mechanism, neighbours, noise } = input
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
      : Console.log(AuditReport.render(report))
    if (report.verdict === "violation") {
      return yield* new AuditReport.NotPrivate({
        mechanism,
        epsilon,
        shown: report.epsilonLowerBound,
      })
    }
  },
  (work, { kernels }) =>
    Effect.provide(
      work,
      Layer.provide(DpLowrank.layer, Layer.merge(Capable.layer({ kernels }), layer)),
    ),
)
