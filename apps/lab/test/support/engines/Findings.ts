/** Every verdict and every experiment of the seven systems, on this thread alone, with nothing of Node: what a browser can be asked. */
import { system as catapults } from "@nonconvex/catapults/evidence"
import type { Datasets } from "@nonconvex/datasets/Datasets"
import { system as dpLowrank } from "@nonconvex/dp-lowrank/evidence"
import type { Preset } from "@nonconvex/evidence/Experiment"
import { SystemReport } from "@nonconvex/evidence/Report"
import { system as flatMinima } from "@nonconvex/flat-minima/evidence"
import { system as labelNoise } from "@nonconvex/label-noise/evidence"
import { system as matrixFactorization } from "@nonconvex/matrix-factorization/evidence"
import * as Kernels from "@nonconvex/numerics/Kernels"
import { system as optimSam } from "@nonconvex/optim-sam/evidence"
import { system as reproducibleMinimax } from "@nonconvex/reproducible-minimax/evidence"
import * as Inline from "@nonconvex/runner/Inline"
import { runExperiment } from "@nonconvex/runner/Run"
import { targetsOf, verdictOn } from "@nonconvex/runner/Verify"
import { Effect, Layer, Schema } from "effect"

/** In the order of the report. */
const systems = [
  optimSam,
  flatMinima,
  labelNoise,
  matrixFactorization,
  dpLowrank,
  reproducibleMinimax,
  catapults,
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
