/** Probabilities of two classes by their logit, without overflow. */
import * as Elementary from "@nonconvex/numerics/Elementary"

/** `log(1 + exp(-margin))`. */
export const softplus = (margin: number): number =>
  margin > 0
    ? Elementary.log1p(Elementary.exp(-margin))
    : Elementary.log1p(Elementary.exp(margin)) - margin

/** `1 / (1 + exp(-logit))`. */
export const sigmoid = (logit: number): number => 1 / (1 + Elementary.exp(-logit))
