import { erratum } from "@nonconvex/evidence"
import { dysonCounterexample, exactDyson } from "../support/DysonCounterexample.ts"
import { gapSquareMargin, twoByTwo } from "../support/DysonGap.ts"
import { printed } from "../support/Paper.ts"
import { at } from "../support/PrintedPlace.ts"

const coefficient = erratum({
  id: "dp-lowrank/dyson-coefficient-beta",
  statement:
    "With B(t) = W + W^*, whose diagonal has variance 4 t, the eigenvalues follow d g_i = dB_ii + beta sum dt / (g_i - g_j).",
  source: printed("equation (4)"),
  class: "slip",
  read: at("equation (4)"),
  instances: twoByTwo,
  margin: ({ instance }) => gapSquareMargin(instance, instance.beta),
  exactly: ({ instance }) => exactDyson(instance),
  exact: dysonCounterexample,
  corrected: "dp-lowrank/dyson-coefficient",
  explanation:
    "At d = 2 the matrix has E gap^2 = m^2 + 8 (beta + 1) T, and the equation m^2 + (8 + 4 c) T: c is 2 beta. With c = beta real eigenvalues would collide.",
})

export const dysonCoefficientBeta = coefficient
