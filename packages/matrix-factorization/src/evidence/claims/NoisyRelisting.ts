import { claim, type Given, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { deepFactorisation } from "../../index.ts"
import { range } from "../support/Combinations.ts"
import { distance, expand } from "../support/Instances.ts"
import { descend, type Noisy, noisy, rateOf } from "../support/NoisyDescent.ts"
import { type DescentSubject, ourDescent } from "../support/NoisyFactorisation.ts"
import { derived } from "../support/Paper.ts"
import * as Transformations from "../support/Transformations.ts"

type Listing = (count: number) => ReadonlyArray<number>

/**
 * Repeats the descent on another list of the same measurements. Its batches refer to them by their position in that list,
 * and each has the same noise. The streams belong to positions in a batch, so the same seed would otherwise give the noise
 * to other measurements.
 */
const relisted = (
  descent: DescentSubject,
  instance: Noisy,
  { kernels }: Given,
  [list, copies, moves]: readonly [list: Listing, copies: number, moves: Listing],
): Margin.Comparison => {
  const from = expand(instance, kernels)
  const { measurements, seed, targets, widths, x } = from
  const rate = rateOf(from, instance.noise)
  const objective = deepFactorisation({ measurements, targets, widths })
  const order = list(measurements.count)
  const other = deepFactorisation({
    measurements: Transformations.selected(measurements, order),
    targets: Float64Array.from(order, (i) => targets[i]!),
    widths,
  })
  const places = moves(measurements.count)
  const point = x.slice()
  const gradient = new Float64Array(x.length)
  const streams = seed.child("descent")
  const expected = descend(descent(rate), instance, objective, x, streams, (loss) => {
    const { indices, labels } = loss
    const again = Array.from({ length: copies }, (_, copy) =>
      Array.from(indices, (i) => places[i]! + copy * measurements.count),
    )
    const noise = Array.from({ length: copies }, () => [...labels])
    other.against(Uint32Array.from(again.flat()), Float64Array.from(noise.flat()), point, gradient)
    Vector.axpy(-rate, gradient, point)
  })
  return Margin.atMost(distance(point, expected), 1e-10)
}

const backwards: Listing = (count) => range(count).toReversed()

export const noisyRelisting = claim({
  id: "matrix-factorization/noisy-relisting",
  statement:
    "Descent does not change if the measurements are reordered or all duplicated, provided that its batches follow them and every copy has the noise of its original.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("metamorphic, on the same noise")),
  subject: ourDescent,
  instances: noisy,
  value: backwards,
  margin: ({ instance, kernels, subject, value: moves }) =>
    Margin.all(
      relisted(subject, instance, { kernels }, [backwards, 1, moves]),
      relisted(subject, instance, { kernels }, [
        (count) => [...range(count), ...range(count)],
        2,
        range,
      ]),
    ),
  controls: [{ name: "batches that do not follow their measurements", value: range }],
})
