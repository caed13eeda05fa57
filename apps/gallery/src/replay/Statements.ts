/** The claims and errata of all systems: `build.mjs` puts those of the systems that the lab composes in the place of this file. */
import type { Claim } from "@nonconvex/evidence/Claim"
import type { Erratum } from "@nonconvex/evidence/Erratum"

export const statements: ReadonlyArray<Claim | Erratum> = []
