import type { System } from "@nonconvex/evidence"
import { InvalidInput } from "@nonconvex/numerics"
import { Context, Effect, Layer } from "effect"
import { certify, type SharpnessCertificate } from "./Certificate.ts"
import { claims, errata } from "./claims.ts"
import { diagnose, type Diagnostics } from "./Diagnostics.ts"
import { experiments } from "./experiments.ts"
import { NotIncreasing, NotInterpolating, SingularGram } from "./Failures.ts"
import { type FlatLimit, flatLimit } from "./FlatLimit.ts"
import { plan } from "./Planner.ts"
import { detectRegime, type FlowRegime } from "./Regime.ts"
import { type StepBudget, stepBudget } from "./StepBudget.ts"
import { warmStart } from "./WarmStart.ts"

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

type Failure = InvalidInput | NotIncreasing | NotInterpolating | SingularGram

const isFailure = (cause: unknown): cause is Failure =>
  [InvalidInput, NotIncreasing, NotInterpolating, SingularGram].some(
    (kind) => cause instanceof kind,
  )

const checked = <A>(evaluate: () => A): Effect.Effect<A, Failure> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(evaluate())
    } catch (cause) {
      return isFailure(cause) ? Effect.fail(cause) : Effect.die(cause)
    }
  })

/** What the lab knows of this package, and the questions a practitioner asks of it. */
export class LabelNoise extends Context.Service<
  LabelNoise,
  System & {
    /** See `diagnose`: how flat a network is, and how far from the limit. */
    readonly diagnose: (
      ...parameters: Parameters<typeof diagnose>
    ) => Effect.Effect<Diagnostics, Failure>
    /** See `certify`: the same, with bounds on the distance and on the flow time that is left. */
    readonly certify: (
      ...parameters: Parameters<typeof certify>
    ) => Effect.Effect<SharpnessCertificate, Failure>
    /** See `warmStart`: the network after gradient descent without noise to its labels. */
    readonly warmStart: (
      ...parameters: Parameters<typeof warmStart>
    ) => Effect.Effect<Float64Array, Failure>
    /** See `flatLimit`: the flattest network with the same labels. */
    readonly flatLimit: (
      ...parameters: Parameters<typeof flatLimit>
    ) => Effect.Effect<FlatLimit, Failure>
    /** See `stepBudget`: the steps that label-noise SGD would need. */
    readonly stepBudget: (
      ...parameters: Parameters<typeof stepBudget>
    ) => Effect.Effect<StepBudget, Failure>
    /** See `plan`: learning rate, noise and batch for a goal. */
    readonly plan: (
      ...parameters: Parameters<typeof plan>
    ) => Effect.Effect<ReturnType<typeof plan>, Failure>
    /** See `detectRegime`: in which clusters neurons end. */
    readonly detectRegime: (
      ...parameters: Parameters<typeof detectRegime>
    ) => Effect.Effect<FlowRegime, Failure>
  }
>()("@nonconvex/label-noise/LabelNoise") {
  static readonly layer = Layer.succeed(LabelNoise, {
    ...system,
    diagnose: Effect.fn("LabelNoise.diagnose")((...parameters: Parameters<typeof diagnose>) =>
      checked(() => diagnose(...parameters)),
    ),
    certify: Effect.fn("LabelNoise.certify")((...parameters: Parameters<typeof certify>) =>
      checked(() => certify(...parameters)),
    ),
    warmStart: Effect.fn("LabelNoise.warmStart")((...parameters: Parameters<typeof warmStart>) =>
      checked(() => warmStart(...parameters)),
    ),
    flatLimit: Effect.fn("LabelNoise.flatLimit")((...parameters: Parameters<typeof flatLimit>) =>
      checked(() => flatLimit(...parameters)),
    ),
    stepBudget: Effect.fn("LabelNoise.stepBudget")((...parameters: Parameters<typeof stepBudget>) =>
      checked(() => stepBudget(...parameters)),
    ),
    plan: Effect.fn("LabelNoise.plan")((...parameters: Parameters<typeof plan>) =>
      checked(() => plan(...parameters)),
    ),
    detectRegime: Effect.fn("LabelNoise.detectRegime")(
      (...parameters: Parameters<typeof detectRegime>) =>
        checked(() => detectRegime(...parameters)),
    ),
  })
}
