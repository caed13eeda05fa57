import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { deepFactorisation } from "../../index.ts"
import { expand, instances } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import { selected } from "../support/Transformations.ts"

export const lossOfABatch = claim({
  id: "matrix-factorization/loss-of-a-batch",
  statement:
    "Loss and gradient of a batch, with repetitions, are those of the problem with only these measurements and targets.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("the loss is a mean over the measurements")),
  instances: instances(),
  /** Shift of the first target, in a problem with this batch only. */
  value: 0,
  margin: ({ instance, kernels, value: shift }) => {
    const { measurements, targets, widths, x } = expand(instance, kernels)
    const { count } = instance
    const whole = deepFactorisation({ measurements, targets, widths })
    const list = Array.from({ length: count + 1 }, (_, k) => (3 * k + instance.seed) % count)
    const own = deepFactorisation({
      measurements: selected(measurements, list),
      targets: Float64Array.from(list, (i, k) => targets[i]! + (k === 0 ? shift : 0)),
      widths,
    })
    const [found, expected] = [new Float64Array(x.length), new Float64Array(x.length)]
    const loss = whole.batchValueAndGradient(Uint32Array.from(list), x, found)
    const wanted = own.valueAndGradient(x, expected)
    return Margin.all(
      Margin.equal(loss, wanted, { relative: 1e-12 }),
      Margin.atMost(Vector.distance(found, expected), 1e-11 * Vector.norm(expected)),
    )
  },
  controls: [{ name: "another target", value: 1 }],
})
