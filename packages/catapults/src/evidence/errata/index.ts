/** Statements that are false as printed, each with the search for its smallest counterexample. */
import type { Erratum } from "@nonconvex/evidence"
import { kernelAsPrinted, pureAsPrinted } from "./QuadraticModels.ts"

export const errata: ReadonlyArray<Erratum> = [kernelAsPrinted, pureAsPrinted]
