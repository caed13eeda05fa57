/** Steps of quadratic models as Zhu, Liu, Radhakrishnan, Belkin 2022 print them. */
import type { Erratum } from "@nonconvex/evidence"
import { pureQuadraticAsPrinted } from "./PureQuadraticAsPrinted.ts"
import { quadraticKernelAsPrinted } from "./QuadraticKernelAsPrinted.ts"

export const errata: ReadonlyArray<Erratum> = [quadraticKernelAsPrinted, pureQuadraticAsPrinted]
