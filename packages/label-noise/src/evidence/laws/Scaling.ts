/** How sharpness, multipliers and the velocity of the flow scale. */
import { claim, Draw, type Law, Margin, type MarginInput } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { relabelled, type TwoLayer, twoLayer } from "../../network/TwoLayer.ts"
import { near } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import { expand, type Expanded, randomNetwork } from "../support/RandomNetwork.ts"
import { type Point, type Subject, ours } from "../support/Subject.ts"
import { multiplied } from "../support/Transformations.ts"

const instances = Draw.record({ problem: randomNetwork(), factor: Draw.logarithmic(2, 0.3) })
type Instance = Draw.Drawn<typeof instances>

type Image = (
  expanded: Expanded,
  factor: number,
) => { readonly network: TwoLayer; readonly theta: Float64Array }
type Relation = (point: Point, factor: number, neurons: number) => Point

const times = (factor: number, vector: Float64Array): Float64Array =>
  vector.map((value) => factor * value)

const scales =
  (image: Image) =>
  ({
    instance: { factor, problem },
    kernels,
    subject: { geometry },
    value: relation,
  }: MarginInput<Instance, Relation, Subject>): Margin.Comparison => {
    const expanded = expand(problem, { kernels })
    const { network, theta } = expanded
    const expected = relation(geometry(network, theta), factor, network.neurons)
    const other = image(expanded, factor)
    const found = geometry(other.network, other.theta)
    return Margin.all(
      Margin.equal(found.sharpness, expected.sharpness, { relative: 1e-11 }),
      near(found.multipliers, expected.multipliers, { floor: 1e-3 }),
      near(found.velocity, expected.velocity, { floor: 1e-3 }),
    )
  }

const largerData: Image = ({ network, theta }, factor) => {
  const features = times(factor, network.features)
  return { network: twoLayer({ ...network, features }), theta: times(1 / factor, theta) }
}

const largerActivation: Image = ({ network, theta }, factor) => {
  const activation = multiplied(network.activation, factor)
  return { network: { ...network, activation }, theta }
}

const doubled: Image = ({ network, theta }) => {
  const twice = new Float64Array(2 * theta.length)
  twice.set(theta)
  twice.set(theta, theta.length)
  return {
    network: relabelled({ ...network, neurons: 2 * network.neurons }, twice),
    theta: twice,
  }
}

/** Every row of a matrix twice side by side. */
const repeated = (rows: Float64Array, width: number): Float64Array =>
  Float64Array.from({ length: 2 * rows.length }, (_, k) => {
    const row = Math.floor(k / (2 * width))
    return rows[row * width + (k % width)]!
  })

const source = derived("scaling of the sharpness")

/** c^2 times the sharpness, and these powers of c times the multipliers and the velocity. */
const powerLaw =
  (ofMultipliers: number, ofVelocity: number): Relation =>
  ({ multipliers, sharpness, velocity }, factor) => ({
    sharpness: factor * factor * sharpness,
    multipliers: times(Elementary.pow(factor, ofMultipliers), multipliers),
    velocity: times(Elementary.pow(factor, ofVelocity), velocity),
  })

const doublingLaw =
  (factor: number): Relation =>
  ({ multipliers, sharpness, velocity }, _, neurons) => ({
    sharpness: 2 * sharpness,
    multipliers: times(factor, multipliers),
    velocity: repeated(velocity, neurons),
  })

/** How the geometry of the sharpness scales. */
export const scalingLaws: ReadonlyArray<Law<Subject>> = [
  claim({
    id: "label-noise/larger-data",
    statement:
      "Data c times as large, with neurons c times as small, have c^2 times the sharpness and c^4 times the velocity of pre-activations.",
    inFloatingPoint: "agreement",
    source,
    subject: ours,
    instances,
    value: powerLaw(2, 4),
    margin: scales(largerData),
    controls: [{ name: "c^2 times the velocity", value: powerLaw(2, 2) }],
  }),
  claim({
    id: "label-noise/larger-activation",
    statement:
      "An activation a times as large has a^2 times the sharpness and the velocity, and a times the multipliers.",
    inFloatingPoint: "agreement",
    source,
    subject: ours,
    instances,
    value: powerLaw(1, 2),
    margin: scales(largerActivation),
    controls: [{ name: "a times the velocity", value: powerLaw(1, 1) }],
  }),
  claim({
    id: "label-noise/doubled-neurons",
    statement:
      "With every neuron twice the sharpness doubles, and neither multipliers nor velocities change.",
    inFloatingPoint: "agreement",
    source,
    subject: ours,
    instances,
    value: doublingLaw(1),
    margin: scales(doubled),
    controls: [{ name: "half the multipliers", value: doublingLaw(0.5) }],
  }),
]
