import { Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { deepFactorisation, sharpness } from "../../index.ts"
import { type DeepFactorisation } from "../../factorisation/DeepFactorisation.ts"
import * as Theory from "../../theory/Theory.ts"
import { distance, expand, type Expanded, instances, total } from "./Instances.ts"
import {
  type DescentSubject,
  type NoisyFactorisation,
  noisyFactorisation,
} from "./NoisyFactorisation.ts"
import { sampledFields, samplingOf } from "./SampledInstances.ts"

export const noisy = instances().chain((instance) =>
  Draw.record({
    ...sampledFields(instance),
    distribution: Draw.oneOf("gaussian", "rademacher"),
    noise: Draw.logarithmic(0.1, 2),
  }),
)

export type Noisy = Draw.Drawn<typeof noisy>

const steps = 50

/** A rate at which fifty steps neither diverge nor blow up rounding: of the trace at the start and of its gradient. */
export const rateOf = (
  { measurements, shape, targets, widths, x }: Expanded,
  noise: number,
): number => {
  const trace = Theory.traceFromSharpness(total(sharpness(measurements, shape).layers(x)))
  const gradient = new Float64Array(x.length)
  deepFactorisation({ measurements, targets, widths }).valueAndGradient(x, gradient)
  return 0.02 / (measurements.count * (1 + noise) * (1 + trace + Vector.norm(gradient)))
}

/** State after `steps` steps of a method, on the streams of a seed. */
export const descend = (
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

/** Problem and start that are equivalent to the first, and the map of its layers. */
export interface Form {
  readonly objective: DeepFactorisation
  readonly map: (x: Float64Array) => Float64Array
}

/** Reference of a run: the form, on the same streams or on others. */
interface Compared {
  readonly form: (from: Expanded) => Form
  readonly seedOf?: (seed: Seed.Seed) => Seed.Seed
}

export const sameAs = (
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

export const seedOf = (seed: Seed.Seed): Seed.Seed => seed.child("another")
