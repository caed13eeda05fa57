/** The trace of the Hessian, its gradient and that of the loss, against differences: D1, D2, D3 and the gradient of T. */
import { claim, law, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"
import * as Factorisation from "../../factorisation/Factorisation.ts"
import * as Matrix from "../../internal/Matrix.ts"
import type { Measurements } from "../../measurements/Measurements.ts"
import { sharpness, traceOfHessian } from "../../flatness/Sharpness.ts"
import { isotropic } from "../../measurements/SparseMeasurements.ts"
import * as Theory from "../../theory/Theory.ts"
import { distance, expand, type Instance, instances, total } from "../support/Instances.ts"
import { derived, recalled } from "../support/Paper.ts"
import type { Subject } from "../support/Subject.ts"

/**
 * A step of central differences that is as large as the layers: along a single coordinate the loss and T are squares, so that
 * differences with any step are exact but for rounding, and a large step rounds least.
 */
const step = 1

/** The trace by central differences of the gradient. */
const traceByDifferences = (objective: Objective, x: Float64Array): number => {
  const [ahead, behind] = [new Float64Array(x.length), new Float64Array(x.length)]
  const point = x.slice()
  let trace = 0
  for (let i = 0; i < x.length; i++) {
    point[i] = x[i]! + step
    objective.valueAndGradient(point, ahead)
    point[i] = x[i]! - step
    objective.valueAndGradient(point, behind)
    point[i] = x[i]!
    trace += (ahead[i]! - behind[i]!) / (2 * step)
  }
  return trace
}

const slack = 1e-9

const objectiveOf = (subject: Subject, instance: Instance) => {
  const { measurements, targets, widths, x } = expand(instance)
  return { objective: subject.objective(measurements, targets, widths), measurements, widths, x }
}

export const traceFormula = law<Subject, Instance>({
  id: "matrix-factorization/trace-formula",
  statement:
    "At every W, fitted or not, the trace of the Hessian of (1/n) sum (<A_i, W_L ... W_1> - b_i)^2 is (2/n) sum_i sum_j |S_j' A_i P_(j-1)'|_F^2.",
  source: recalled("trace of the Hessian (M1)"),
  instances: instances(),
  margin: (subject, instance) => {
    const { measurements, objective, widths, x } = objectiveOf(subject, instance)
    const layers = subject.layerSharpness(measurements, widths, x)
    return Margin.equal(
      Theory.traceFromSharpness(total(layers)),
      traceByDifferences(objective, x),
      { relative: slack },
    )
  },
  controls: [
    {
      name: "without the factor of two",
      margin: (subject, instance) => {
        const { measurements, objective, widths, x } = objectiveOf(subject, instance)
        return Margin.equal(
          total(subject.layerSharpness(measurements, widths, x)),
          traceByDifferences(objective, x),
          { relative: slack },
        )
      },
    },
    {
      name: "the last layer left out",
      subject: (subject) => ({
        ...subject,
        layerSharpness: (measurements, widths, x) =>
          subject.layerSharpness(measurements, widths, x).slice(0, -1),
      }),
    },
  ],
})

/** The gradient by central differences of the value. */
const gradientByDifferences = (
  value: (point: Float64Array) => number,
  x: Float64Array,
): Float64Array => {
  const point = x.slice()
  return x.map((_, i) => {
    point[i] = x[i]! + step
    const ahead = value(point)
    point[i] = x[i]! - step
    const behind = value(point)
    point[i] = x[i]!
    return (ahead - behind) / (2 * step)
  })
}

export const gradient = law<Subject, Instance>({
  id: "matrix-factorization/gradient",
  statement:
    "The gradient of the loss in layer j is S_j' E P_(j-1)' with E = (2/n) sum_i (<A_i, M> - b_i) A_i.",
  source: derived("algorithm 2.1"),
  instances: instances(),
  margin: (subject, instance) => {
    const { objective, x } = objectiveOf(subject, instance)
    const written = new Float64Array(x.length)
    objective.valueAndGradient(x, written)
    const scratch = new Float64Array(x.length)
    const expected = gradientByDifferences((point) => objective.valueAndGradient(point, scratch), x)
    return Margin.atMost(Vector.distance(written, expected), slack * Vector.norm(expected))
  },
  controls: [
    {
      name: "the mean taken as a sum",
      subject: (subject) => ({
        ...subject,
        objective: (measurements, targets, widths) => {
          const objective = subject.objective(measurements, targets, widths)
          return {
            ...objective,
            valueAndGradient: (x, out) => {
              const value = objective.valueAndGradient(x, out)
              Vector.scale(measurements.count, out)
              return value
            },
          }
        },
      }),
    },
  ],
})

/** T with the prefixes of another point: what is left of it when only the suffixes move. */
const withPrefixesOf = (
  measurements: Measurements,
  shape: Factorisation.Shape,
  origin: Float64Array,
): ((x: Float64Array) => number) => {
  const { columns, depth, rows, widths } = shape
  const held = Factorisation.products(shape)
  held.update(Factorisation.layers(shape, origin))
  const weights = Array.from({ length: depth }, (_, k) => {
    const prefix = held.prefixes[k]!
    const out = new Float64Array(rows * rows)
    const back = Matrix.transpose(prefix, widths[k]!, columns)
    measurements.leftMoment(Matrix.multiply(back, prefix, columns, widths[k]!, columns), out)
    return out
  })
  const moving = Factorisation.products(shape)
  return (x) => {
    moving.update(Factorisation.layers(shape, x))
    return weights.reduce((sum, weight, k) => {
      const suffix = moving.suffixes[k + 1]!
      const half = Matrix.multiply(weight, suffix, rows, rows, widths[k + 1]!)
      return sum + Vector.dot(suffix, half)
    }, 0)
  }
}

const sharpnessSlope = (
  instance: Instance,
  valueOf: (
    measurements: Measurements,
    shape: Factorisation.Shape,
    x: Float64Array,
  ) => (point: Float64Array) => number,
): number => {
  const { measurements, shape, x } = expand(instance)
  const written = new Float64Array(x.length)
  sharpness(measurements, shape).valueAndGradient(x, written)
  const expected = gradientByDifferences(valueOf(measurements, shape, x), x)
  return Margin.atMost(Vector.distance(written, expected), 5e-10 * Vector.norm(expected))
}

export const sharpnessGradient = claim<Instance>({
  id: "matrix-factorization/sharpness-gradient",
  statement:
    "The gradient of T in layer k collects 2 C_j^G S_j through every suffix and 2 P_(j-1) C_j^H through every prefix that layer k is in.",
  source: derived("gradient of the sharpness (2.2)"),
  instances: instances(),
  margin: (instance) =>
    sharpnessSlope(instance, (measurements, shape) => {
      const { layers } = sharpness(measurements, shape)
      return (point) => total(layers(point))
    }),
  controls: [
    {
      name: "the gradient of the trace of the Hessian, twice as large",
      instances: instances(),
      margin: (instance) =>
        sharpnessSlope(
          instance,
          (measurements, shape) => (point) => traceOfHessian(measurements, shape, point),
        ),
    },
    {
      name: "prefixes held fixed",
      instances: instances(),
      margin: (instance) => sharpnessSlope(instance, withPrefixesOf),
    },
  ],
})

/** `sum_j |S_j|_F^2 |P_(j-1)|_F^2`. */
const isotropicSharpness = (shape: Factorisation.Shape, x: Float64Array): number => {
  const { prefixes, suffixes, update } = Factorisation.products(shape)
  update(Factorisation.layers(shape, x))
  let sum = 0
  for (let j = 1; j <= shape.depth; j++) {
    sum += Vector.dot(suffixes[j]!, suffixes[j]!) * Vector.dot(prefixes[j - 1]!, prefixes[j - 1]!)
  }
  return sum
}

const onIsotropic = (subject: Subject, instance: Instance, scale: number): number => {
  const { shape, widths, x } = expand(instance)
  const layers = subject.layerSharpness(isotropic(shape.rows, shape.columns), widths, x)
  return Margin.equal(scale * total(layers), isotropicSharpness(shape, x), { relative: 1e-11 })
}

export const isotropicTrace = law<Subject, Instance>({
  id: "matrix-factorization/isotropic-trace",
  statement:
    "Where the second moment of the measurements is the identity, T = sum_j |S_j|_F^2 |P_(j-1)|_F^2.",
  source: derived("isotropic design (M2)"),
  instances: instances(),
  margin: (subject, instance) => onIsotropic(subject, instance, 1),
  controls: [
    {
      name: "entries that were not rescaled by the root of their number",
      margin: (subject, instance) =>
        onIsotropic(subject, instance, 1 / (instance.widths[0]! * instance.widths.at(-1)!)),
    },
  ],
})

/** How T answers to scalings: the exponents are exact, the arithmetic rounds. */
export const traceScaling = law<Subject, Instance>({
  id: "matrix-factorization/trace-scaling",
  statement:
    "Measurements times a multiply every T_j by a^2; one layer times s multiplies all other T_j by s^2 and leaves its own.",
  source: derived("metamorphic"),
  instances: instances(),
  margin: (subject, instance) => scaling(subject, instance, 2),
  controls: [
    { name: "the first power", margin: (subject, instance) => scaling(subject, instance, 1) },
  ],
})

const scaling = (subject: Subject, instance: Instance, power: number): number => {
  const { measurements, shape, widths, x } = expand(instance)
  const layers = subject.layerSharpness(measurements, widths, x)
  const identity = (n: number, scale: number) => {
    const out = new Float64Array(n * n)
    for (let i = 0; i < n; i++) out[i * n + i] = scale
    return out
  }
  const factor = 1.7
  const larger = measurements.sandwiched(identity(shape.rows, factor), identity(shape.columns, 1))
  const chosen = 1 + (instance.seed % shape.depth)
  const stretched = x.slice()
  Vector.scale(factor, Factorisation.layer(shape, stretched, chosen))
  const expected = layers.map((t, k) => (k + 1 === chosen ? t : factor ** power * t))
  return Margin.all(
    Margin.atMost(
      distance(
        subject.layerSharpness(larger, widths, x),
        layers.map((t) => factor ** power * t),
      ),
      1e-11,
    ),
    Margin.atMost(
      distance(subject.layerSharpness(measurements, widths, stretched), expected),
      1e-11,
    ),
  )
}
