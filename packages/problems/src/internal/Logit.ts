/** Probabilities of two classes by their logit, without overflow. */
import * as Elementary from "@nonconvex/numerics/Elementary"

/** `1 / (1 + exp(-logit))`. */
export const sigmoid = (logit: number): number => 1 / (1 + Elementary.exp(-logit))
