/** Instances expanded: a network with data, from a few sizes and a seed. */
import { Draw } from "@nonconvex/evidence"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { ntkArchitecture, normalStart } from "../../network/NtkArchitecture.ts"

/** Standard normal numbers of a seed. */
export const normals = (seed: Seed.Seed, length: number): Float64Array =>
  RandomStream.make(seed).normals(length)

export type Sizes = Readonly<Record<"samples" | "inputs" | "width" | "seed", number>>

/** Sizes from 1 up to these, further fields, and a seed. */
export const sized = <Further extends object>(
  [samples, inputs, width]: readonly [samples: number, inputs: number, width: number],
  further: Further,
) =>
  Draw.record({
    samples: Draw.integer(1, samples),
    inputs: Draw.integer(1, inputs),
    width: Draw.integer(1, width),
    ...further,
    seed: Draw.seed(),
  }) as ReturnType<
    typeof Draw.record<Sizes & { [Field in keyof Further]: Draw.Drawn<Further[Field]> }>
  >

export interface ExpandOptions {
  readonly activation?: Kernels.Activation
  /** Layers of the same width; default 1. */
  readonly hidden?: number
  readonly bias?: boolean
}

/** A network on random data, and its kernels. */
export const expand = (
  { inputs, samples, seed, width }: Sizes,
  kernels: Kernels.Kernels,
  { activation = "relu", bias = false, hidden = 1 }: ExpandOptions = {},
) => {
  const root = Seed.root(seed)
  const architecture = ntkArchitecture({
    widths: [inputs, ...Array.from({ length: hidden }, () => width)],
    activation,
    bias,
  })
  return {
    kernels,
    architecture,
    features: normals(root.child("features"), samples * inputs),
    targets: normals(root.child("targets"), samples),
    start: normalStart(architecture, root.child("start")),
    seed: root,
  }
}

export const squaredNorm = (v: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < v.length; i++) sum += v[i]! * v[i]!
  return sum
}
