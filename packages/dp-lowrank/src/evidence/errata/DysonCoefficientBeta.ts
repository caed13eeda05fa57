/** The drift coefficient of equation (4) as printed. */
import { erratum } from "@nonconvex/evidence"
import { gapSquareMargin, twoByTwo } from "../claims/DysonCoefficient.ts"
import { printed } from "../support/Paper.ts"

export const coefficient = erratum({
  id: "dp-lowrank/dyson-coefficient-beta",
  statement:
    "With B(t) = W + W^*, whose diagonal has variance 4 t, the eigenvalues follow d g_i = dB_ii + beta sum dt / (g_i - g_j).",
  source: printed("equation (4)"),
  instances: twoByTwo,
  margin: (instance) => gapSquareMargin(instance, instance.beta),
  corrected: "dp-lowrank/dyson-coefficient",
  explanation:
    "At d = 2 the matrix has E gap^2 = m^2 + 8 (beta + 1) T, and the equation m^2 + (8 + 4 c) T: c is 2 beta. With c = beta real eigenvalues would collide.",
})
