/** Quadratic models: frozen gates are the second-order expansion, and how outputs and kernel move. */
import { Draw, erratum, law, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { sumSquared } from "../OutputLoss.ts"
import { descentOf } from "../Descent.ts"
import { taylorModel } from "../QuadraticModel.ts"
import * as QuadraticDynamics from "../theory/QuadraticDynamics.ts"
import * as TwoLayer from "../TwoLayer.ts"
import { expand, normals, type Sizes } from "./Expand.ts"
import { corrected, derived, printed } from "./Paper.ts"
import { nearVector } from "./Near.ts"
import type { Subject } from "./Subject.ts"

interface Displaced extends Sizes {
  readonly step: number
  readonly steps: number
}

/** The expansion of a two-layer ReLU network, its Hessians written out: `d^2 f / da_i dW_ij = 1[z_i > 0] x_j / sqrt(m d)`. */
const expansion = ({ inputs, samples, width, ...rest }: Sizes) => {
  const expanded = expand({ inputs, samples, width, ...rest })
  const { features, start } = expanded
  const p = start.length
  const network = {
    inputs,
    width,
    features,
    first: start.subarray(0, width * inputs),
    second: start.subarray(width * inputs),
  }
  const jacobian = new Float64Array(samples * p)
  const hessians = new Float64Array(samples * p * p)
  const scale = 1 / Math.sqrt(width * inputs)
  for (let k = 0; k < samples; k++) {
    const one = new Float64Array(samples)
    one[k] = 1
    const { first, second } = TwoLayer.pullback(network, one)
    jacobian.set(first, k * p)
    jacobian.set(second, k * p + width * inputs)
    for (let i = 0; i < width; i++) {
      const a = width * inputs + i
      // the gradient in the second layer is positive just where the gate is open
      if (second[i] === 0) continue
      for (let j = 0; j < inputs; j++) {
        const w = i * inputs + j
        const value = features[k * inputs + j]! * scale
        hessians[(k * p + a) * p + w] = value
        hessians[(k * p + w) * p + a] = value
      }
    }
  }
  return { ...expanded, taylor: { predictions: TwoLayer.predictions(network), jacobian, hessians } }
}

const taylorMargin =
  (order: 1 | 2) =>
  (subject: Subject, instance: Displaced): number => {
    const { architecture, features, start, targets, taylor } = expansion(instance)
    const { predictions, jacobian, hessians } = taylor
    const model = taylorModel(
      order === 1 ? { predictions, jacobian } : { predictions, jacobian, hessians },
    )
    const descent = descentOf(model, sumSquared(targets), new Float64Array(start.length))
    const run = subject({
      architecture,
      features,
      targets,
      start,
      step: instance.step,
      steps: instance.steps,
      frozen: true,
    })
    for (let t = 0; t < instance.steps; t++) {
      descent.evaluate()
      descent.move(instance.step)
    }
    descent.evaluate()
    const kernel = new Float64Array(instance.samples ** 2)
    descent.tangentKernel(kernel)
    return Margin.all(
      nearVector(run.predictions, descent.predictions, 1e-11),
      nearVector(run.kernel, kernel, 1e-11),
    )
  }

const small = Draw.record<Displaced>({
  samples: Draw.integer(1, 5),
  inputs: Draw.integer(1, 4),
  width: Draw.integer(1, 6),
  step: Draw.linear(0.1, 0.4),
  steps: Draw.integer(1, 4),
  seed: Draw.seed(),
})

/** E7, first part. */
export const frozenGatesAreTaylor = law<Subject, Displaced>({
  id: "catapults/frozen-gates-are-the-expansion",
  statement:
    "The second-order expansion of a two-layer ReLU network at its start is the network with the gates of its start.",
  source: derived("the neural quadratic model of Zhu et al. 2022 as a bilinear network"),
  instances: small,
  margin: taylorMargin(2),
  controls: [
    {
      name: "gates that move",
      subject: (subject) => (problem) =>
        subject({ ...problem, frozen: false, steps: 3 * problem.steps }),
    },
    { name: "the first order alone", margin: taylorMargin(1) },
  ],
})

/** A random quadratic model with a residual. */
interface General {
  readonly samples: number
  readonly parameters: number
  readonly step: number
  readonly seed: number
}

type KernelChange = typeof QuadraticDynamics.kernelChange

const generalMargin =
  (change: KernelChange, half = 0.5) =>
  ({ parameters: p, samples: n, seed, step }: General): number => {
    const root = Seed.root(seed)
    const jacobian = normals(root.child("jacobian"), n * p)
    const hessians = normals(root.child("hessians"), n * p * p)
    for (let i = 0; i < n; i++) {
      for (let a = 0; a < p; a++) {
        for (let b = 0; b < a; b++) hessians[(i * p + a) * p + b] = hessians[(i * p + b) * p + a]!
      }
    }
    const predictions = normals(root.child("predictions"), n)
    const targets = normals(root.child("targets"), n)
    const model = taylorModel({ predictions, jacobian, hessians })
    const descent = descentOf(model, sumSquared(targets), new Float64Array(p))
    descent.evaluate()
    const before = descent.predictions.slice()
    const kernel = new Float64Array(n * n)
    descent.tangentKernel(kernel)
    const residual = before.map((value, i) => value - targets[i]!)
    const pulled = new Float64Array(p)
    for (let i = 0; i < n; i++)
      Vector.axpy(residual[i]!, jacobian.subarray(i * p, (i + 1) * p), pulled)
    const bends = Float64Array.from({ length: n * p }, (_, at) =>
      Vector.dot(hessians.subarray(at * p, (at + 1) * p), pulled),
    )
    const state = { residual, kernel, jacobian, bends, step }
    const outputs = QuadraticDynamics.outputChange(state)
    const first = QuadraticDynamics.outputChange({ ...state, bends: new Float64Array(n * p) })
    const moved = change(state)
    descent.move(step)
    descent.evaluate()
    const after = new Float64Array(n * n)
    descent.tangentKernel(after)
    return Margin.all(
      // the second order with its factor of one half, or the one of a control
      nearVector(
        descent.predictions,
        before.map((value, i) => value + first[i]! + 2 * half * (outputs[i]! - first[i]!)),
        1e-11,
      ),
      nearVector(
        after,
        kernel.map((value, at) => value + moved[at]!),
        1e-11,
      ),
    )
  }

const general = Draw.record<General>({
  samples: Draw.integer(1, 6),
  parameters: Draw.integer(1, 8),
  step: Draw.linear(0.1, 0.5),
  seed: Draw.seed(),
})

/** E7, second part, and the claim that the erratum below is corrected by. */
export const quadraticStep = law<typeof QuadraticDynamics.kernelChange, General>({
  id: "catapults/quadratic-model-step",
  statement:
    "A gradient step on a quadratic model with e = 2 c eta and G_i = H_i J' r moves the outputs by - e K r + e^2 G J' r / 2 and the tangent kernel by - e (J G' + G J') + e^2 G G'.",
  source: corrected("residual of the kernel of a general quadratic model"),
  instances: general,
  margin: (change, instance) => generalMargin(change)(instance),
  controls: [
    { name: "the kernel as printed", subject: () => QuadraticDynamics.kernelChangeAsPrinted },
    {
      name: "without the factor of one half in the outputs",
      margin: (change, instance) => generalMargin(change, 1)(instance),
    },
  ],
})

/** The first erratum. */
export const kernelAsPrinted = erratum<General>({
  id: "catapults/quadratic-kernel-as-printed",
  statement:
    "A gradient step on a quadratic model, for half the sum of squares, moves the tangent kernel by - (eta / 4)(4 G J' - eta G G') with G_i = H_i J' r.",
  source: printed("residual of the kernel of a general quadratic model"),
  instances: Draw.record<General>({
    samples: Draw.integer(1, 3),
    parameters: Draw.integer(1, 3),
    step: Draw.oneOf(0.5, 0.25),
    seed: Draw.seed(),
  }),
  margin: (instance) => generalMargin(QuadraticDynamics.kernelChangeAsPrinted)(instance),
  corrected: "catapults/quadratic-model-step",
  explanation:
    "With one sample and one parameter, f = J w + H w^2 / 2 at w = 0, the kernel J^2 becomes (J - eta H J r)^2: it moves by - 2 eta H J^2 r + eta^2 H^2 J^2 r^2, and the printed form has - eta H J^2 r + (eta^2 / 4) H^2 J^2 r^2. With several samples it is not even symmetric. It would need G to be 2 G, which breaks the printed outputs.",
})

interface Pure {
  readonly gamma: number
  readonly step: number
  readonly output: number
  readonly kernel: number
  readonly squaredInput: number
}

type PureStep = typeof QuadraticDynamics.pureStep

/** `g = gamma w' Sigma w / 2` with `Sigma = diag(s, -s)` has these outputs and kernels for some w, where `|output| gamma |x| <= kernel / 2`. */
const pureMargin =
  (map: PureStep) =>
  ({ gamma, kernel, output, squaredInput, step }: Pure): number => {
    const s = Math.sqrt(squaredInput)
    // g = gamma s (a^2 - b^2) / 2 and lambda = gamma^2 s^2 (a^2 + b^2)
    const sum = kernel / (gamma * s) ** 2
    const share = output * sum * gamma * s
    const difference = share / (gamma * s)
    const a = Math.sqrt((sum + difference) / 2)
    const b = Math.sqrt((sum - difference) / 2)
    const at = (x: number, y: number) => ({
      output: (gamma * s * (x * x - y * y)) / 2,
      kernel: (gamma * s) ** 2 * (x * x + y * y),
    })
    const before = at(a, b)
    const move = step * before.output * gamma * s
    const after = at(a * (1 - move), b * (1 + move))
    const next = map(before, { gamma, squaredInput, step })
    return Margin.all(
      Margin.equal(next.output, after.output, {
        absolute: 1e-11 * Math.max(1, Math.abs(after.output)),
      }),
      Margin.equal(next.kernel, after.kernel, { absolute: 1e-11 * Math.max(1, after.kernel) }),
    )
  }

const pure = Draw.record<Pure>({
  gamma: Draw.linear(0.5, 2),
  step: Draw.linear(0.5, 2),
  // of the largest output that the kernel allows
  output: Draw.linear(0.5, -0.9),
  kernel: Draw.linear(1, 2),
  squaredInput: Draw.linear(1, 4),
})

/** §3.4 of the project's notes, and the claim that the second erratum is corrected by. */
export const pureQuadratic = law<PureStep, Pure>({
  id: "catapults/pure-quadratic-step",
  statement:
    "For g = gamma w' Sigma w / 2 with Sigma^2 = |x|^2 I and label 0, a step gives (1 - e lambda + gamma^2 e^2 |x|^2 g^2) g and lambda - e gamma^2 |x|^2 g^2 (4 - e lambda).",
  source: corrected("Proposition 10"),
  instances: pure,
  margin: (map, instance) => pureMargin(map)(instance),
  controls: [
    { name: "as printed", subject: () => QuadraticDynamics.pureStepAsPrinted },
    {
      name: "2 in place of 4",
      subject: (map) => (state, options) => {
        const next = map(state, options)
        const bend = options.gamma ** 2 * options.squaredInput * state.output ** 2
        return { ...next, kernel: next.kernel + 2 * options.step * bend }
      },
    },
  ],
})

/** The second erratum. */
export const pureAsPrinted = erratum<Pure>({
  id: "catapults/pure-quadratic-as-printed",
  statement:
    "For g = gamma w' Sigma w / 2 with Sigma^2 = |x|^2 I and label 0, a step gives (1 - eta lambda + gamma eta^2 |x|^2 g^2) g and lambda - gamma |x|^2 g^2 (4 - eta lambda).",
  source: printed("Proposition 10"),
  instances: pure,
  margin: pureMargin(QuadraticDynamics.pureStepAsPrinted),
  corrected: "catapults/pure-quadratic-step",
  explanation:
    "The kernel is gamma^2 |x|^2 |w|^2, so gamma enters squared, and the fall of the kernel is a step: it needs the learning rate. The remark after the proposition, gamma = 1 / sqrt(m) for linear networks, agrees with the square.",
})
