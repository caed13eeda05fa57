/** Activations as stages: those of the kernels, and those that the kernels lack, GELU (exact and by tanh) and ReLU6. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as NormalDistribution from "@nonconvex/numerics/NormalDistribution"
import type { Activation } from "../../network/Activation.ts"
import type { Signal, Space } from "./Signal.ts"
import { nothing, type Stage } from "./Stage.ts"

/** An activation with its derivatives, as in `Kernels.activate` and `Kernels.bend`, for arrays of one length. */
interface Bent {
  readonly activate: (x: Float64Array, value: Float64Array, slope: Float64Array) => void
  /** The second derivatives at `x`. */
  readonly bend: (x: Float64Array, bend: Float64Array) => void
}

/** 1 / sqrt(2 pi). */
const inverseRoot = 0.3989422804014327

const density = (x: number): number => inverseRoot * Elementary.exp(-0.5 * x * x)

/** Size beyond which the second derivatives underflow and their factors may overflow. */
const flat = 40

const exact: Bent = {
  activate: (x, value, slope) => {
    for (let i = 0; i < x.length; i++) {
      const z = x[i]!
      const below = NormalDistribution.cdf(z)
      value[i] = z * below
      slope[i] = Math.abs(z) < flat ? below + z * density(z) : below
    }
  },
  bend: (x, bend) => {
    for (let i = 0; i < x.length; i++) {
      const z = x[i]!
      bend[i] = Math.abs(z) < flat ? density(z) * (2 - z * z) : 0
    }
  },
}

/** sqrt(2 / pi). */
const root = 0.7978845608028654
const cubic = 0.044715

const byTanh = (kernels: Kernels.Kernels, length: number): Bent => {
  const argument = new Float64Array(length)
  const tangent = new Float64Array(length)
  /** 1 - tanh^2. */
  const rest = new Float64Array(length)
  const prepare = (x: Float64Array): void => {
    for (let i = 0; i < x.length; i++) {
      const z = x[i]!
      argument[i] = root * (z + cubic * z * z * z)
    }
    kernels.activate("tanh", argument, tangent, rest)
  }
  return {
    activate: (x, value, slope) => {
      prepare(x)
      for (let i = 0; i < x.length; i++) {
        const z = x[i]!
        const half = 0.5 * (1 + tangent[i]!)
        value[i] = z * half
        const rise = root * (1 + 3 * cubic * z * z)
        slope[i] = Math.abs(z) < flat ? half + 0.5 * z * rest[i]! * rise : half
      }
    },
    bend: (x, bend) => {
      prepare(x)
      for (let i = 0; i < x.length; i++) {
        const z = x[i]!
        const rise = root * (1 + 3 * cubic * z * z)
        const bow = 6 * root * cubic * z
        bend[i] =
          Math.abs(z) < flat
            ? rest[i]! * (rise + 0.5 * z * (bow - 2 * tangent[i]! * rise * rise))
            : 0
      }
    },
  }
}

/** GELU on arrays of the given length. */
const gelu = (kernels: Kernels.Kernels, name: "gelu" | "gelu-tanh", length: number): Bent =>
  name === "gelu" ? exact : byTanh(kernels, length)

/** Cuts off below 0 and above 6. */
const cap = (from: Float64Array, out: Float64Array, slope: Float64Array): void => {
  for (let i = 0; i < from.length; i++) {
    const z = from[i]!
    out[i] = Math.min(Math.max(z, 0), 6)
    slope[i] = z > 0 && z < 6 ? 1 : 0
  }
}

/** The stage that applies an activation to every element. */
export const elementwise = (
  kernels: Kernels.Kernels,
  activation: Activation,
  input: Signal,
  output: Signal,
  space: Space,
): Stage => {
  const count = input.value.length
  const isLinear = activation === "relu" || activation === "relu6" || activation === "identity"
  const slope = space(count)
  const bend = space(isLinear ? 0 : count)
  const [activate, bow] = ((): readonly [activate: () => void, bow: () => void] => {
    if (activation === "relu6") return [() => cap(input.value, output.value, slope), nothing]
    if (activation === "gelu" || activation === "gelu-tanh") {
      const rule = gelu(kernels, activation, count)
      return [
        () => rule.activate(input.value, output.value, slope),
        () => rule.bend(input.value, bend),
      ]
    }
    return [
      () => kernels.activate(activation, input.value, output.value, slope),
      () => kernels.bend(activation, input.value, output.value, slope, bend),
    ]
  })()
  /** True if `bend` belongs to the current values: only products need it, and the first of them computes it. */
  let isBent = false
  const backwardTangent = (): void => {
    if (!isBent) bow()
    isBent = true
    // as constants: engines read what a loop reads of an object anew at every turn
    const { adjointTangent: out, tangent } = input
    const { adjoint, adjointTangent } = output
    for (let i = 0; i < count; i++) {
      out[i] = slope[i]! * adjointTangent[i]! + bend[i]! * tangent[i]! * adjoint[i]!
    }
  }
  const timesSlope = (from: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < count; i++) out[i] = slope[i]! * from[i]!
  }
  return {
    forward: () => {
      activate()
      isBent = false
    },
    forwardTangent: () => timesSlope(input.tangent, output.tangent),
    backward: () => timesSlope(output.adjoint, input.adjoint),
    backwardTangent: isLinear
      ? () => timesSlope(output.adjointTangent, input.adjointTangent)
      : backwardTangent,
    accumulate: nothing,
  }
}
