/** GELU with its first two derivatives, exact and by tanh, in the form in which the kernels provide other activations. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as NormalDistribution from "@nonconvex/numerics/NormalDistribution"

/** An activation with its derivatives, as in `Kernels.activate` and `Kernels.bend`, for arrays of one length. */
export interface Bent {
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
export const gelu = (kernels: Kernels.Kernels, name: "gelu" | "gelu-tanh", length: number): Bent =>
  name === "gelu" ? exact : byTanh(kernels, length)
