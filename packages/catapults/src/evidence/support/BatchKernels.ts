import { Draw } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { gram } from "../../theory/QuadraticDynamics.ts"
import { normals } from "./Expand.ts"

export const shape = {
  samples: Draw.oneOf<number>(4, 8, 12, 16),
  parameters: Draw.integer(1, 20),
}

export const instances = Draw.record({ ...shape, seed: Draw.seed() })

export type Kernel = Draw.Drawn<typeof instances>

/** J with rows of very different length. */
export const jacobianOf = ({ parameters: p, samples: n, seed }: Kernel): Float64Array => {
  const root = Seed.root(seed)
  const jacobian = normals(root.child("jacobian"), n * p)
  const scales = normals(root.child("scales"), n)
  for (let i = 0; i < n; i++) {
    Vector.scale(Elementary.exp(2 * scales[i]!), jacobian.subarray(i * p, (i + 1) * p))
  }
  return jacobian
}

/** `J J'`. */
export const kernelOf = (instance: Kernel): Float64Array => {
  const jacobian = jacobianOf(instance)
  return gram(jacobian, jacobian, instance.samples, instance.parameters)
}

export const part = (kernel: Float64Array, n: number, indices: ArrayLike<number>): Float64Array => {
  const b = indices.length
  return Float64Array.from(
    { length: b * b },
    (_, at) => kernel[indices[Math.floor(at / b)]! * n + indices[at % b]!]!,
  )
}
