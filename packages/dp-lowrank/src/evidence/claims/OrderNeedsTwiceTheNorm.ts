import { claim } from "@nonconvex/evidence"
import { gapped } from "../support/Gapped.ts"
import { exactOrder, orderMargin } from "../support/OrderUnderNoise.ts"
import { corrected } from "../support/Paper.ts"

export const orderNeedsTwiceTheNorm = claim({
  id: "dp-lowrank/order-needs-twice-the-norm",
  statement:
    "On a diagonal matrix, noise that moves 0.49 times the gap from e_k to the next direction keeps e_k among the top k, and 0.99 times the gap does not. So the gap must exceed 2 |E|, which is 8 sqrt(T d) for the paper's noise.",
  source: corrected("Theorem 2 and equation (29), the gap condition"),
  instances: gapped(),
  value: 0.49,
  margin: ({ instance, kernels, value: factor }) => orderMargin(instance, { kernels }, factor),
  exactly: ({ instance, kernels, value: factor }) => exactOrder(instance, { kernels }, factor),
  controls: [{ name: "noise as large as the gap", value: 0.99 }],
})
