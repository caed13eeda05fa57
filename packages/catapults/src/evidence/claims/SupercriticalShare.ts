import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import { advance } from "@nonconvex/problems/Advance"
import { sgd } from "@nonconvex/problems/Sgd"
import {
  batchDescent,
  supercriticalShare as supercriticalShareOf,
} from "../../descent/BatchDescent.ts"
import { criticalRate } from "../../network/CriticalRateAt.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { meanSquared, type OutputLoss } from "../../network/OutputLoss.ts"
import * as Theory from "../../theory/index.ts"
import { expand } from "../support/Expand.ts"
import { derived } from "../support/Paper.ts"

export const supercriticalShare = claim({
  id: "catapults/supercritical-share",
  statement:
    "The share of batches above their critical rates is equal for the losses L and a L at the learning rates eta and eta / a. For a first step on all samples it is 1 just above their critical rate.",
  inFloatingPoint: "statistical",
  source: Kind.identity(derived("loss normalisation, for batches")),
  instances: Draw.record({
    samples: Draw.oneOf(4, 8, 12),
    inputs: Draw.integer(1, 8),
    width: Draw.integer(1, 32),
    batch: Draw.oneOf(1, 2, 4),
    /** Scale of the loss; powers of two, so that both runs round in the same way. */
    scale: Draw.oneOf(0.25, 0.5, 2, 4),
    /** Learning rate over the critical one of all samples. */
    multiple: Draw.oneOf(0.5, 0.7, 0.9, 1.1),
    seed: Draw.seed(),
  }),
  value: batchDescent,
  margin: ({ instance, kernels, value: descend }) => {
    const { batch, multiple, samples, scale } = instance
    // no unit is dead, which would leave batches that nothing moves
    const { architecture, features, seed, start, targets } = expand(instance, kernels, {
      activation: "tanh",
    })
    const network = ntkNetwork({ architecture, features, kernels })
    const critical = criticalRate(network, meanSquared(targets), start)
    const share = (batchSize: number, factor: number, steps: number) => {
      const method = descend({
        batchSize,
        update: sgd({ learningRate: (multiple * critical) / factor }),
        seed: seed.child("order"),
        probeEvery: 1,
        // bounds of the loss depend on its scale: none of them in these steps
        evaluateEvery: 1000,
      })
      const run = method.init({ model: network, loss: meanSquared(targets, factor) }, start)
      advance(method, [run], steps, { kernels })
      return supercriticalShareOf(run)
    }
    return Margin.all(
      Margin.holds(share(batch, scale, 6) === share(batch, 1, 6)),
      Margin.holds(share(samples, scale, 1) === (multiple > 1 ? 1 : 0)),
    )
  },
  controls: [
    {
      name: "the critical rate of the mean of squares, whatever the loss",
      value: (options) => {
        const method = batchDescent(options)
        const curvature: OutputLoss["curvature"] = (predictions, out) =>
          out.fill(2 * Theory.meanFactor(predictions.length))
        return {
          ...method,
          init: ({ loss, model }, start) =>
            method.init({ model, loss: { ...loss, curvature } }, start),
        }
      },
    },
  ],
})
