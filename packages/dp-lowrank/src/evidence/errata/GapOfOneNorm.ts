/** The gap condition of Theorem 2 as printed. */
import { erratum } from "@nonconvex/evidence"
import { orderMargin } from "../claims/WeylAndOrder.ts"
import { gapped } from "../support/Gapped.ts"
import { printed } from "../support/Paper.ts"

export const gap = erratum({
  id: "dp-lowrank/gap-of-one-norm",
  statement:
    "A gap of 4 sqrt(T d), which is the norm of the noise, keeps sigma_k apart from sigma_{k+1} by Weyl's inequality.",
  source: printed("Theorem 2 and equation (29)"),
  instances: gapped(),
  margin: (instance, given) => orderMargin(instance, given, 0.99),
  corrected: "dp-lowrank/order-needs-twice-the-norm",
  explanation:
    "Noise that moves sigma_k down and sigma_{k+1} up by its norm closes a gap of twice the norm: the step needs 8 sqrt(T d), which Lemma 16 has.",
})
