/** An interrupted and resumed run equals the uninterrupted run. */
import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import { advance } from "@nonconvex/problems/Advance"
import { momentum } from "@nonconvex/problems/Momentum"
import * as Snapshot from "@nonconvex/problems/Snapshot"
import { batchDescent, type BatchState } from "../../descent/BatchDescent.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { meanSquared } from "../../network/OutputLoss.ts"
import { expand } from "../support/Expand.ts"
import { derived } from "../support/Paper.ts"

/** Carries the state of a run over a break, into the state of a run that has taken no step. */
export type Resume = (state: BatchState, fresh: BatchState) => void

/** Ours. */
export const resume: Resume = (state, fresh) => Snapshot.read(Snapshot.write(state), fresh)

export const restart = claim({
  id: "catapults/restart",
  statement:
    "SGD with momentum on shuffled batches, interrupted after any step and resumed from its snapshot, continues bit for bit.",
  inFloatingPoint: "bits",
  source: Kind.identity(derived("restart")),
  subject: resume,
  instances: Draw.record({
    samples: Draw.integer(4, 12),
    inputs: Draw.integer(1, 5),
    width: Draw.integer(1, 16),
    batchSize: Draw.integer(1, 4),
    before: Draw.integer(1, 20),
    after: Draw.integer(1, 20),
    seed: Draw.seed(),
  }),
  margin: ({ instance: { after, batchSize, before, ...sizes }, kernels, subject: carry }) => {
    const { architecture, features, seed, start, targets } = expand(sizes, kernels)
    const network = ntkNetwork({ architecture, features, kernels })
    const loss = meanSquared(targets)
    const take = (steps: number, from?: BatchState) => {
      const method = batchDescent({
        batchSize,
        update: momentum({ learningRate: 0.05 }),
        seed: seed.child("batches"),
        tolerance: 1e-12,
      })
      const run = method.init({ model: network, loss }, start)
      if (from !== undefined) carry(from, run)
      advance(method, [run], steps, { kernels })
      return run
    }
    const whole = take(before + after)
    const second = take(after, take(before))
    return Margin.holds(whole.point.every((value, i) => Object.is(value, second.point[i])))
  },
  controls: [
    {
      name: "without the random numbers and the order", // an epoch that begins anew
      subject: (carry) => (state, fresh) => {
        carry(state, fresh)
        fresh.sampler.place = fresh.sampler.size
      },
    },
    {
      name: "without the velocity",
      subject: (carry) => (state, fresh) => {
        const without = Snapshot.write(fresh.update)
        carry(state, fresh)
        Snapshot.read(without, fresh.update)
      },
    },
  ],
})
