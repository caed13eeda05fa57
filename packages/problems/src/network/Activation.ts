import type * as Kernels from "@nonconvex/numerics/Kernels"

/** Elementwise function between layers: one that the kernels support, or GELU, exact or by tanh. */
export type Activation = Kernels.Activation | "gelu" | "gelu-tanh"

/** All activations. */
export const names = [
  "relu",
  "tanh",
  "sigmoid",
  "softplus",
  "identity",
  "square",
  "cube",
  "gelu",
  "gelu-tanh",
] as const satisfies ReadonlyArray<Activation>

/** `max(z, 0)`, with slope 0 at 0 and second derivative 0 everywhere. */
export const relu: Activation = "relu"

/** The hyperbolic tangent. */
export const tanh: Activation = "tanh"

/** No activation: a linear network. */
export const identity: Activation = "identity"

/** `z Phi(z)`, Phi the distribution function of the standard normal (Hendrycks, Gimpel 2016). */
export const gelu: Activation = "gelu"

/** `z (1 + tanh(sqrt(2 / pi) (z + 0.044715 z^3))) / 2`, the approximation by the same authors. */
export const geluTanh: Activation = "gelu-tanh"
