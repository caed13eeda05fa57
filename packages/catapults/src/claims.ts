/** Every law of this package, to run against your own implementation, and the claims that ours obeys them. */
import type { Claim, Erratum, Law } from "@nonconvex/evidence"
import { contraction, stability, type Subject } from "./claims/Contraction.ts"
import { gradientDescent } from "./GradientDescent.ts"

export type { Subject } from "./claims/Contraction.ts"

/** `law.against(subject)` is a claim about `subject`. */
export const laws: ReadonlyArray<Law<Subject>> = [contraction, stability]

const ours: Subject = (learningRate) => gradientDescent({ learningRate })

export const claims: ReadonlyArray<Claim> = laws.map((law) => law.against(ours))

/** Statements that are false as printed, each with the search for its smallest counterexample. */
export const errata: ReadonlyArray<Erratum> = []
