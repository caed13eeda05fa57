/** The problems that many tests share. */
import { Kernels, Seed } from "@nonconvex/numerics"
import { selfTaught, teacherProblem } from "../../src/evidence/support/TeacherProblem.ts"

const kernels = Kernels.strict()

/** A cubic network that fits a teacher's labels on three data points of dimension 3, and its parameters. */
export const fitted = (seed = 5, neurons = 6) =>
  teacherProblem(Seed.root(seed), [0.32, 1.08, 1.6], neurons, kernels)

/** Five data of dimension 3, and eight neurons that fit them. */
export const crowded = () =>
  selfTaught(Seed.root(4), { size: 5, dimension: 3, neurons: 8, kernels })
