/** Claims and errata of all systems: `build.mjs` replaces this file by the statements of the systems in the lab. */
import type { Claim } from "@nonconvex/evidence/Claim"
import type { Erratum } from "@nonconvex/evidence/Erratum"

export const statements: ReadonlyArray<Claim | Erratum> = []
