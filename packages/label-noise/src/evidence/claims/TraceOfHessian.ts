/** The trace of the Hessian of the loss, on and off the minima. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { Geometry } from "../../geometry/Geometry.ts"
import { takeStep } from "../../descent/NoisyDescent.ts"
import * as Theory from "../../theory/Theory.ts"
import { outputs, type TwoLayer } from "../../network/TwoLayer.ts"
import { warmStart } from "../../descent/WarmStart.ts"
import { derived } from "../support/Paper.ts"
import { expand, problems, randomDirection, randomNetwork } from "../support/RandomNetwork.ts"

/** `sum_i r_i w_i sum_j phi''(z_ij)`: what the trace has besides the sharpness. */
const correctionAt = (network: TwoLayer, geometry: Geometry, theta: Float64Array): number =>
  outputs(network, theta).reduce((sum, f, i) => {
    const { neurons } = network
    const row = geometry.q.subarray(i * neurons, (i + 1) * neurons)
    const curvature = row.reduce((total, q) => total + q, 0)
    return sum + (f - network.labels[i]!) * network.weights[i]! * curvature
  }, 0)

/** The trace by central differences of the gradient, which is that of a step with all data. */
const differencedTrace = (
  network: TwoLayer,
  theta: Float64Array,
  convention: Theory.Convention,
): number => {
  const h = 1e-6
  const all = Uint32Array.from({ length: network.size }, (_, i) => i)
  const silence = new Float64Array(network.size)
  const moved = new Float64Array(theta.length)
  const descentAt = (k: number, shift: number): number => {
    moved.set(theta)
    moved[k]! += shift
    const before = moved[k]!
    takeStep(network, moved, all, silence, Theory.gradientFactor(convention))
    return before - moved[k]!
  }
  let trace = 0
  for (let k = 0; k < theta.length; k++) trace += (descentAt(k, h) - descentAt(k, -h)) / (2 * h)
  return trace
}

export const traceOffMinima = claim({
  id: "label-noise/trace-of-hessian",
  statement:
    "The trace of the Hessian of the loss is kappa / n times the sharpness plus sum_i r_i |x_i|^2 sum_j phi''(z_ij), at every point.",
  inFloatingPoint: "agreement",
  source: derived("trace of the Hessian"),
  instances: Draw.record({
    problem: randomNetwork(),
    convention: Draw.oneOf("half", "mean"),
    /** Size of the residuals, relative to `1 + max |y|`. */
    misfit: Draw.logarithmic(1, 0.01),
  }),
  value: Theory.hessianTraceOff,
  margin: ({ instance: { convention, misfit, problem }, kernels, value: formula }) => {
    const { network, stream, theta } = expand(problem, { kernels })
    const scale = misfit * (1 + Vector.maxAbs(network.labels))
    const noise = stream("labels")
    const off = { ...network, labels: network.labels.map((y) => y + scale * noise.normal()) }
    const geometry = new Geometry(off).atParameters(theta)
    const correction = correctionAt(off, geometry, theta)
    const size = geometry.sharpness + Math.abs(correction)
    return Margin.equal(
      differencedTrace(off, theta, convention),
      formula(convention, geometry.sharpness, correction, off.size),
      { absolute: 1e-6 * size },
    )
  },
  controls: [
    {
      name: "the other convention",
      value: (convention, ...rest) =>
        Theory.hessianTraceOff(convention === "half" ? "mean" : "half", ...rest),
    },
    {
      name: "without the residuals",
      value: (convention, sharpness, _, n) => Theory.hessianTrace(convention, sharpness, n),
    },
  ],
})

export const traceOnMinima = claim({
  id: "label-noise/trace-at-minimum",
  statement:
    "Where gradient descent without noise has reached the labels, the trace of the Hessian is kappa / n times the sharpness.",
  inFloatingPoint: "limit",
  source: derived("trace of the Hessian on the minima"),
  instances: problems(),
  value: (network: TwoLayer, start: Float64Array) => warmStart(network, start),
  margin: ({ instance: { problem }, kernels, value: arrive }) => {
    const expanded = expand(problem, { kernels })
    const { network, theta } = expanded
    const direction = randomDirection(expanded)
    const start = theta.map((value, k) => value + 0.1 * direction[k]!)
    const found = arrive(network, start)
    const geometry = new Geometry(network).atParameters(found)
    const scale = geometry.sharpness + Vector.maxAbs(network.labels) * Vector.maxAbs(geometry.q)
    const traces = (["half", "mean"] as const).map((convention) =>
      Margin.equal(
        differencedTrace(network, found, convention),
        Theory.hessianTrace(convention, geometry.sharpness, network.size),
        { absolute: 1e-6 * scale },
      ),
    )
    return Margin.all(
      Margin.equal(correctionAt(network, geometry, found), 0, { absolute: 1e-10 * scale }),
      ...traces,
    )
  },
  controls: [{ name: "before the descent", value: (_, start) => start }],
})
