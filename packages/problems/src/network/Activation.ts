import type * as Kernels from "@nonconvex/numerics/Kernels"

/** Elementwise function between layers: one that the kernels support, or another. */
export type Activation = Kernels.Activation | "gelu" | "gelu-tanh" | "relu6"

/**
 * All activations. `relu` is `max(z, 0)`, with slope 0 at 0 and second derivative 0 everywhere. `gelu` is `z Phi(z)`, Phi the
 * distribution function of the standard normal (Hendrycks, Gimpel 2016). `gelu-tanh` is their approximation
 * `z (1 + tanh(sqrt(2 / pi) (z + 0.044715 z^3))) / 2`. `relu6` is
 * `min(max(z, 0), 6)`, with slope 0 at both kinks. `identity` makes a linear network.
 */
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
  "relu6",
] as const satisfies ReadonlyArray<Activation>
