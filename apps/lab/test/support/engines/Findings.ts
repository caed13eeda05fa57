/** Every verdict and every experiment of the seven systems, on this thread alone, with nothing of Node: what a browser can be asked. */
import { Catapults } from "@nonconvex/catapults/evidence"
import type { Datasets } from "@nonconvex/datasets/Datasets"
import { DpLowrank } from "@nonconvex/dp-lowrank/evidence"
import type { Preset } from "@nonconvex/evidence/Experiment"
import { SystemReport } from "@nonconvex/evidence/Report"
import { FlatMinima } from "@nonconvex/flat-minima/evidence"
import { LabelNoise } from "@nonconvex/label-noise/evidence"
import { MatrixFactorization } from "@nonconvex/matrix-factorization/evidence"
import * as Kernels from "@nonconvex/numerics/Kernels"
import { OptimSam } from "@nonconvex/optim-sam/evidence"
import { ReproducibleMinimax } from "@nonconvex/reproducible-minimax/evidence"
import * as Inline from "@nonconvex/runner/Inline"
import { runExperiment } from "@nonconvex/runner/Run"
import { targetsOf, verdictOn } from "@nonconvex/runner/Verify"
import { Effect, Layer, Schema } from "effect"

/** In the order of the report. */
const systems = [
  OptimSam.system,
  FlatMinima.system,
  LabelNoise.system,
  MatrixFactorization.system,
  DpLowrank.system,
  ReproducibleMinimax.system,
  Catapults.system,
]

/** What is to be found, and with what. */
export interface Asked {
  readonly kernels: "strict" | "reference"
  readonly preset: Preset
  readonly runs: number
  readonly seed: number
}

const encode = Schema.encodeEffect(
  Schema.fromJsonString(Schema.toCodecJson(Schema.Array(SystemReport))),
)

/** The systems as `results.json` has them; rejects where anything fails. */
export const findings = (
  { kernels, preset, runs, seed }: Asked,
  data: Layer.Layer<Datasets>,
): Promise<string> => {
  const given = Layer.merge(
    kernels === "strict" ? Kernels.layerStrict : Kernels.layerReference,
    data,
  )
  return Effect.forEach(systems, (system) =>
    Effect.gen(function* () {
      const verdicts = yield* Effect.forEach(targetsOf(system), (target) =>
        verdictOn(target, { seed, runs }),
      )
      const experiments = yield* Effect.forEach(system.experiments, (experiment) =>
        runExperiment(system, experiment.configure(experiment.preset(preset)), { seed }),
      )
      const { id, paper, title } = system
      return { id, title, paper, verdicts, experiments }
    }),
  ).pipe(
    Effect.flatMap(encode),
    Effect.provide(Inline.layer.pipe(Layer.provideMerge(given))),
    Effect.runPromise,
  )
}
