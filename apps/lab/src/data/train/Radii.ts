import type { train } from "@nonconvex/optim-sam/operations"

/**
 * Radii that are compared where none is given, smallest first. Those of SAM were chosen on nine drawn sets that are not among
 * the sets of docs/commands/train.md.
 */
export const tried: Readonly<
  Record<(typeof train.input.Type)["recipe"]["method"], ReadonlyArray<number>>
> = {
  plain: [],
  sam: [0.1, 0.3, 0.6],
  usam: [0.1, 0.3, 0.6],
  unified: [0.1, 0.3, 0.6],
  asam: [0.2, 0.5, 1],
  "p-norm": [0.02, 0.05, 0.1],
}
