import { erratum } from "@nonconvex/evidence"
import { gapCounterexample } from "../support/GapCounterexample.ts"
import { gapped } from "../support/Gapped.ts"
import { exactOrder, orderMargin } from "../support/OrderUnderNoise.ts"
import { printed } from "../support/Paper.ts"
import { at } from "../support/PrintedPlace.ts"

const gap = erratum({
  id: "dp-lowrank/gap-of-one-norm",
  statement:
    "A gap of 4 sqrt(T d), which is the norm of the noise, keeps sigma_k apart from sigma_{k+1} by Weyl's inequality.",
  source: printed("Theorem 2 and equation (29)"),
  class: "gap in a proof",
  read: at("equation (29), for the gap that Theorem 2 assumes"),
  instances: gapped(),
  margin: ({ instance, kernels }) => orderMargin(instance, { kernels }, 0.99),
  exactly: ({ instance, kernels }) => exactOrder(instance, { kernels }, 0.99),
  exact: gapCounterexample,
  corrected: "dp-lowrank/order-needs-twice-the-norm",
  explanation:
    "Noise that moves sigma_k down and sigma_{k+1} up by its norm closes a gap of twice the norm: the step needs 8 sqrt(T d), which Lemma 16 has. This refutes the step, by noise that was made to swap the two; it does not refute Theorem 2, whose noise is random, and whose bound was seen to hold at 4 sqrt(T d).",
})

export const gapOfOneNorm = gap
