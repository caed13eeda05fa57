import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import { advance } from "@nonconvex/problems/Advance"
import { Factorisation, labelNoiseDescent, sharpness } from "../../index.ts"
import * as Theory from "../../theory/Theory.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { fitted, instances, total } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import { sampledFields, samplingOf } from "../support/SampledInstances.ts"

export const batchNoiseDoesNothing = claim({
  id: "matrix-factorization/batch-noise-does-nothing",
  statement:
    "At zero loss ten thousand steps without noise on the labels, on full or random batches, move neither the trace of the Hessian nor the nuclear norm.",
  inFloatingPoint: "statistical",
  source: Kind.identity(derived("controls of the label-noise experiments")),
  instances: instances().chain((instance) => Draw.record(sampledFields(instance))),
  value: 0,
  /** Displacement of T and of the nuclear norm of the product by ten thousand steps from a fitted point. */
  margin: ({ instance, kernels, value: noise }) => {
    const { measurements, objective, shape, x } = fitted(instance, kernels)
    const t = (w: Float64Array): number => total(sharpness(measurements, shape).layers(w))
    // far below the stability limit: the trace bounds the largest eigenvalue
    const method = labelNoiseDescent({
      learningRate: 0.1 / (measurements.count * Theory.traceFromSharpness(t(x))),
      noise,
      ...samplingOf(instance),
      seed: Seed.root(instance.seed).child("descent"),
    })
    const state = method.init(objective, x)
    advance(method, [state], 10_000, { kernels })
    const nuclear = (w: Float64Array): number =>
      Matrix.nuclearNorm(
        Factorisation.endToEnd(shape, w, kernels),
        shape.rows,
        shape.columns,
        kernels,
      )
    return Margin.all(
      Margin.equal(t(state.point), t(x), { relative: 1e-9 }),
      Margin.equal(nuclear(state.point), nuclear(x), { relative: 1e-9 }),
    )
  },
  controls: [{ name: "noise on the labels", value: 0.1 }],
})
