/** What label-noise descent does alike when its problem is turned, reversed or listed otherwise, on the same streams. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { deepFactorisation, type DeepFactorisation, sharpness, Theory } from "../../index.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { range } from "../support/Combinations.ts"
import {
  distance,
  expand,
  type Expanded,
  instances,
  rotation,
  total,
} from "../support/Instances.ts"
import {
  type DescentSubject,
  type NoisyFactorisation,
  noisyFactorisation,
  ourDescent,
} from "../support/NoisyFactorisation.ts"
import { derived } from "../support/Paper.ts"
import { sampledFields, samplingOf } from "../support/SampledInstances.ts"
import * as Transformations from "../support/Transformations.ts"

const noisy = instances().chain((instance) =>
  Draw.record({
    ...sampledFields(instance),
    distribution: Draw.oneOf("gaussian", "rademacher"),
    noise: Draw.logarithmic(0.1, 2),
  }),
)

type Noisy = Draw.Drawn<typeof noisy>

const steps = 50

/** A rate at which fifty steps neither diverge nor blow up rounding: of the trace at the start and of its gradient. */
const rateOf = ({ measurements, shape, targets, widths, x }: Expanded, noise: number): number => {
  const trace = Theory.traceFromSharpness(total(sharpness(measurements, shape).layers(x)))
  const gradient = new Float64Array(x.length)
  deepFactorisation({ measurements, targets, widths }).valueAndGradient(x, gradient)
  return 0.02 / (measurements.count * (1 + noise) * (1 + trace + Vector.norm(gradient)))
}

/** Where `steps` steps of a method lead, on the streams of a seed. */
const descend = (
  method: ReturnType<DescentSubject>,
  instance: Noisy,
  objective: DeepFactorisation,
  start: Float64Array,
  seed: Seed.Seed,
  onStep: (loss: NoisyFactorisation) => void = () => {},
): Float64Array => {
  const { distribution, noise } = instance
  const options = { noise, distribution, ...samplingOf(instance), seed }
  const loss = noisyFactorisation(objective, options)
  const state = method.init(loss, start)
  for (let k = 0; k < steps; k++) {
    loss.draw()
    method.step(state)
    onStep(loss)
  }
  return state.point
}

/** A problem and start that are another form of the first, and the map of its layers. */
interface Form {
  readonly objective: DeepFactorisation
  readonly map: (x: Float64Array) => Float64Array
}

/** What a run is compared with: the form, on the same streams or on others. */
interface Compared {
  readonly form: (from: Expanded) => Form
  readonly seedOf?: (seed: Seed.Seed) => Seed.Seed
}

const sameAs = (
  descent: DescentSubject,
  instance: Noisy,
  { kernels }: Given,
  { form, seedOf }: Compared,
): Margin.Comparison => {
  const from = expand(instance, kernels)
  const { measurements, seed, targets, widths, x } = from
  const rate = rateOf(from, instance.noise)
  const streams = seed.child("descent")
  const objective = deepFactorisation({ measurements, targets, widths })
  const { map, objective: other } = form(from)
  return Margin.atMost(
    distance(
      descend(descent(rate), instance, other, map(x), seedOf?.(streams) ?? streams),
      map(descend(descent(rate), instance, objective, x, streams)),
    ),
    1e-10,
  )
}

/** Rotations of every width: hidden units, inputs and outputs, with the measurements. */
const rotated = ({ measurements, seed, shape, targets, widths }: Expanded): Form => {
  const { given: kernels } = measurements
  const rotations = widths.map((width, j) => rotation(width, seed.child("Q").child(j)))
  return {
    objective: deepFactorisation({
      measurements: Transformations.turned(measurements, rotations.at(-1)!, rotations[0]!),
      targets,
      widths,
    }),
    map: Transformations.turnedLayers(
      shape,
      rotations,
      rotations.map((q, j) => Matrix.transpose(q, widths[j]!, widths[j]!)),
      kernels,
    ),
  }
}

/** All layers and measurements transposed, the layers in reverse order. */
const reversed = ({ measurements, shape, targets, widths }: Expanded): Form => ({
  objective: deepFactorisation({
    measurements: Transformations.transposed(measurements),
    targets,
    widths: widths.toReversed(),
  }),
  map: (x) => Transformations.reversedLayers(shape, x),
})

const seedOf = (seed: Seed.Seed): Seed.Seed => seed.child("another")

export const noisyRotations = claim({
  id: "matrix-factorization/noisy-rotations",
  statement:
    "Label-noise descent on the same streams commutes with rotations of inputs, hidden units and outputs, for every sampling and noise.",
  inFloatingPoint: "agreement",
  source: derived("metamorphic, on the same streams"),
  subject: ourDescent,
  instances: noisy,
  value: { form: rotated },
  margin: ({ instance, kernels, subject, value }) => sameAs(subject, instance, { kernels }, value),
  controls: [
    { name: "other streams", value: { form: rotated, seedOf } },
    {
      name: "layers turned without their measurements",
      value: { form: (from) => ({ ...rotated(from), objective: deepFactorisation(from) }) },
    },
  ],
})

export const noisyReversal = claim({
  id: "matrix-factorization/noisy-reversal",
  statement:
    "Transposing all layers and measurements and reversing the order of the layers does not change label-noise descent on the same streams.",
  inFloatingPoint: "agreement",
  source: derived("metamorphic, on the same streams"),
  subject: ourDescent,
  instances: noisy,
  value: { form: reversed },
  margin: ({ instance, kernels, subject, value }) => sameAs(subject, instance, { kernels }, value),
  controls: [{ name: "other streams", value: { form: reversed, seedOf } }],
})

type Listing = (count: number) => ReadonlyArray<number>

/**
 * The descent again on another list of the same measurements: its batches name them by their place in that list, and each keeps the
 * noise that it had. The streams belong to places of a batch, so the same seed would give the noise to other measurements.
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
    "Descent does not change when the measurements are listed in another order or all twice, where its batches follow them and every copy has the noise of its original.",
  inFloatingPoint: "agreement",
  source: derived("metamorphic, on the same noise"),
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
