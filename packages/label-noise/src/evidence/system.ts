import type { System } from "@nonconvex/evidence"
import * as Seam from "@nonconvex/numerics/Seam"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Context, Layer } from "effect"
import { certify } from "../limit/Certificate.ts"
import { claims } from "./claims/index.ts"
import { diagnose } from "../limit/Diagnostics.ts"
import { errata } from "./errata/index.ts"
import { experiments } from "./experiments/index.ts"
import { NotIncreasing, NotInterpolating, SingularGram } from "../network/Failures.ts"
import { flatLimit } from "../limit/FlatLimit.ts"
import { plan } from "../planning/Planner.ts"
import { detectRegime } from "../flow/Regime.ts"
import { stepBudget } from "../planning/StepBudget.ts"
import { warmStart } from "../descent/WarmStart.ts"

/** The paper as a system: its claims, its finding and its experiments. */
export const system: System = {
  id: "label-noise",
  title: "The simplicity bias of label noise in two-layer networks",
  paper: {
    title: "Simplicity Bias via Global Convergence of Sharpness Minimization",
    authors: "Khashayar Gatmiry, Zhiyuan Li, Sashank J. Reddi, Stefanie Jegelka",
    venue: "ICML",
    year: 2024,
    arxiv: "2410.16401",
  },
  claims,
  errata,
  experiments,
  module: import.meta.url,
}

const failures = [InvalidInput, NotIncreasing, NotInterpolating, SingularGram] as const

type Failure = InstanceType<(typeof failures)[number]>

/** What the lab knows of this package, and the questions a practitioner asks of it. */
export class LabelNoise extends Context.Service<
  LabelNoise,
  System & {
    /** See `diagnose`: how flat a network is, and how far from the limit. */
    readonly diagnose: Seam.Lifted<typeof diagnose, Failure>
    /** See `certify`: the same, with bounds on the distance and on the flow time that is left. */
    readonly certify: Seam.Lifted<typeof certify, Failure>
    /** See `warmStart`: the network after gradient descent without noise to its labels. */
    readonly warmStart: Seam.Lifted<typeof warmStart, Failure>
    /** See `flatLimit`: the flattest network with the same labels. */
    readonly flatLimit: Seam.Lifted<typeof flatLimit, Failure>
    /** See `stepBudget`: the steps that label-noise SGD would need. */
    readonly stepBudget: Seam.Lifted<typeof stepBudget, Failure>
    /** See `plan`: learning rate, noise and batch for a goal. */
    readonly plan: Seam.Lifted<typeof plan, Failure>
    /** See `detectRegime`: in which clusters neurons end. */
    readonly detectRegime: Seam.Lifted<typeof detectRegime, Failure>
  }
>()("@nonconvex/label-noise/LabelNoise") {
  static readonly layer = Layer.succeed(LabelNoise, {
    ...system,
    diagnose: Seam.lift("LabelNoise.diagnose", failures, diagnose),
    certify: Seam.lift("LabelNoise.certify", failures, certify),
    warmStart: Seam.lift("LabelNoise.warmStart", failures, warmStart),
    flatLimit: Seam.lift("LabelNoise.flatLimit", failures, flatLimit),
    stepBudget: Seam.lift("LabelNoise.stepBudget", failures, stepBudget),
    plan: Seam.lift("LabelNoise.plan", failures, plan),
    detectRegime: Seam.lift("LabelNoise.detectRegime", failures, detectRegime),
  })
}
