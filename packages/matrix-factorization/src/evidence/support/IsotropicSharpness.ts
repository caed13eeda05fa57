import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Factorisation from "../../factorisation/Factorisation.ts"
import { total } from "./Instances.ts"
import type { Subject } from "./Subject.ts"
import { balanced } from "../../flatness/Flattest.ts"
import { isotropic } from "../../measurements/SparseMeasurements.ts"

/** T for an isotropic design. */
export const evenSharpness = (
  { layerSharpness }: Subject,
  { columns, rows, widths }: Factorisation.Shape,
  x: Float64Array,
  kernels: Kernels.Kernels,
): number => total(layerSharpness(isotropic(rows, columns, kernels), widths, x))

/** Layers of least weight decay instead of the flattest. */
export const withBalanced = (subject: Subject): Subject => ({
  ...subject,
  flattest: (widths, m, kernels) => balanced(Factorisation.shape(widths), m, kernels),
})
