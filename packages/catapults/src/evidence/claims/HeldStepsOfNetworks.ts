import { claim, Draw, Margin } from "@nonconvex/evidence"
import { catapultDescent, type CatapultDescent } from "../../descent/CatapultDescent.ts"
import { parameterDescent } from "../../descent/Descent.ts"
import { milestones } from "../../descent/RateControl.ts"
import { sampleDescent } from "../../descent/SampleDescent.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { meanSquared } from "../../network/OutputLoss.ts"
import { expand, sized } from "../support/Expand.ts"
import { cappedBy, controlOf, controls, hasty, knownOf, stepped } from "../support/HeldControl.ts"
import { near, nearVector } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"

export const heldStepsOfNetworks = claim({
  id: "catapults/held-steps-of-networks",
  statement:
    "A network that is trained by many steps at once has the parameters, losses, critical rates and spikes of single steps: bit for bit in the parameters, and to rounding in the samples.",
  inFloatingPoint: "agreement",
  source: derived("steps at a rate that is held, of two layers"),
  instances: sized([6, 9, 10], { ...controls, budget: Draw.oneOf(30, 150) }),
  value: catapultDescent,
  margin: ({ instance, kernels, value: subject }) => {
    const { budget, counts, every, gap, kind, raises, tolerance } = instance
    const data = expand(instance, kernels, { activation: "tanh" })
    const { architecture, features, start, targets } = data
    const loss = meanSquared(targets)
    const model = ntkNetwork({ architecture, features, kernels })
    const inParameters = () => parameterDescent(model, loss, start)
    const inSamples = () => sampleDescent({ architecture, features, loss, start, kernels })
    const { control } = cappedBy(controlOf(kind, gap, raises), every)
    const [many, one] = [subject, catapultDescent].map((make) =>
      make(inParameters(), { control, tolerance, budget }),
    ) as [CatapultDescent, CatapultDescent]
    let isSame = true
    for (const count of counts) {
      many.advance(count)
      stepped(one, count)
      isSame &&= knownOf(many) === knownOf(one)
    }
    // few steps at rates that no loss decides, which do not amplify rounding
    const rates = milestones([
      [0, 0.1],
      [gap / 9, 0.2],
    ])
    const few = { control: rates, tolerance: 1e-12, budget: 20 }
    const [samples, parameters] = [inSamples(), inParameters()]
    const [fast, slow] = [subject(samples, few), catapultDescent(parameters, few)]
    const margins = [Margin.holds(isSame)]
    for (const count of counts) {
      margins.push(near(fast.advance(count), stepped(slow, count), 1e-9))
      margins.push(
        Margin.holds(fast.state.steps === slow.state.steps),
        nearVector(samples.parameters(), parameters.parameters(), 1e-9),
      )
    }
    return Margin.all(...margins)
  },
  controls: [{ name: "a rate held for a step too many", value: hasty }],
})
