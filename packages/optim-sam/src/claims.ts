/** Every law of this package, to run against your own implementation, and the claims that ours obeys them. */
import type { Claim, Erratum, Law } from "@nonconvex/evidence"
import { stepLength } from "./claims/Step.ts"
import { optimSam, type Subject } from "./claims/Subject.ts"

export type { Subject } from "./claims/Subject.ts"

/** Laws of SAM and USAM over plain gradient descent: `law.against(subject)` is a claim about `subject`. */
export const laws: ReadonlyArray<Law<Subject>> = [stepLength]

export const claims: ReadonlyArray<Claim> = laws.map((law) => law.against(optimSam))

export const errata: ReadonlyArray<Erratum> = []
