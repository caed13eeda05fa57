import type * as Kernels from "@nonconvex/numerics/Kernels"

/** An elementwise function between layers, by the name under which the kernels know it. */
export type Activation = Kernels.Activation

/** All of them. */
export const names = [
  "relu",
  "tanh",
  "sigmoid",
  "softplus",
  "identity",
  "square",
  "cube",
] as const satisfies ReadonlyArray<Activation>

/** `max(z, 0)`, with slope 0 at 0 and second derivative 0 everywhere. */
export const relu: Activation = "relu"

/** The hyperbolic tangent. */
export const tanh: Activation = "tanh"

/** No activation: a linear network, whose outputs are a product of matrices. */
export const identity: Activation = "identity"
