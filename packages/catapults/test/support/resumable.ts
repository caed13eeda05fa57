/** Every run of this package, begun anew. */
import * as Seed from "@nonconvex/numerics/Seed"
import { advance } from "@nonconvex/problems/Advance"
import { adamW } from "@nonconvex/problems/AdamW"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import type * as Resumption from "@nonconvex/problems/Resumption"
import { momentum } from "@nonconvex/problems/Momentum"
import { sgd } from "@nonconvex/problems/Sgd"
import type { Update } from "@nonconvex/problems/Update"
import { adagrad } from "../../src/descent/Adagrad.ts"
import type { RateControl } from "../../src/descent/RateControl.ts"
import { rmsprop } from "../../src/descent/Rmsprop.ts"
import type { Training } from "../../src/network/Model.ts"
import {
  batchDescent,
  catapultDescent,
  meanSquared,
  milestones,
  raising,
  spikeMonitor,
} from "../../src/index.ts"
import { scaled } from "./Curvatures.ts"
import { net, normals } from "./Nets.ts"
import { capped } from "../../src/descent/RateControl.ts"
import { sampleDescent } from "../../src/descent/SampleDescent.ts"

const loss = meanSquared(normals(6, "targets"))

/** The run of a method, so many steps at a time. */
const runOf = <State extends MethodState>(
  method: Method<State, Training>,
  inputs: number,
  steps = 1,
) => {
  const { network, start } = net({ widths: [inputs, 12], samples: 6 })
  const state = method.init({ model: network, loss }, start)
  return { state, step: () => advance(method, [state], steps)[0]! }
}

/** At rates that are measured on the way, with a spike. */
const catapults = (name: string, inputs: number, control: () => RateControl): Resumption.Case => ({
  name: `catapultDescent ${name}`,
  begin: () => runOf(catapultDescent({ control: control() }), inputs),
})

const raises = () => raising({ raises: 1, first: 3, multiple: 1.4 })

const batches = (update: Update): Resumption.Case => ({
  name: `batchDescent with ${update.name}`,
  begin: () => runOf(batchDescent({ batchSize: 2, update, seed: Seed.root(1), probeEvery: 2 }), 3),
})

/** A catapult as a training loop shows it. */
const monitored = (name: string, momentumOfSteps: number): Resumption.Case => ({
  name,
  begin: () => {
    const monitor = spikeMonitor({ momentum: momentumOfSteps, smoothing: 1, probeEvery: 2 })
    const { state } = monitor
    const losses = [3, 2, 1, 2, 5, 9, 3, 0.9, 0.8, 0.7, 1.5, 0.1]
    return {
      state,
      step: () => {
        const last = Number.isFinite(state.detector.last) ? state.detector.last : -1
        const step = last + 1
        const sign = (-1) ** step
        const found = monitor.observe({
          step,
          loss: losses[step]!,
          learningRate: 0.1,
          gradient: Float64Array.of(sign * losses[step]!, 1),
          curvature: scaled(25 - step),
          topShare: () => 0.9,
        })
        return found?.evidence.curvatureRatio ?? monitor.status().sharpness
      },
    }
  },
})

export const cases: ReadonlyArray<Resumption.Case> = [
  {
    name: "catapultDescent, four steps at once",
    begin: () => runOf(catapultDescent({ control: raises() }), 9, 4),
  },
  catapults("in the parameters", 3, raises),
  catapults("in the samples", 9, raises),
  catapults("held below the critical rate", 3, () => capped(raises())),
  catapults("on a schedule", 3, () =>
    milestones([
      [0, 0.5],
      [4, 2],
      [8, 1],
    ]),
  ),
  {
    name: "sampleDescent on batches, in float32",
    begin: () => {
      const { architecture, features, start } = net({ widths: [9, 12], samples: 6 })
      const descent = sampleDescent({
        architecture,
        features: Float32Array.from(features),
        loss,
        start: Float32Array.from(start),
      })
      const state = { steps: 0, descent: descent.state }
      return {
        state,
        step: () => {
          const first = state.steps++ % 3
          const value = descent.evaluate(Uint32Array.of(first, first + 2))
          descent.move(0.5)
          return value
        },
      }
    },
  },
  ...[
    sgd({ learningRate: 1 }),
    momentum({ learningRate: 0.2 }),
    rmsprop({ learningRate: 0.01 }),
    adagrad({ learningRate: 0.1 }),
    adamW({ learningRate: 0.01 }),
  ].map(batches),
  monitored("spikeMonitor", 0),
  monitored("spikeMonitor with momentum", 0.5),
]
