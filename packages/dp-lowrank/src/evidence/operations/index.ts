/** The long work of this package on data of the user's own. */
import type { AnyOperation } from "@nonconvex/evidence"
import { audit } from "./Audit.ts"
import { components } from "./Components.ts"
import { noise } from "./Noise.ts"
import { samples } from "./Samples.ts"

export const operations: ReadonlyArray<AnyOperation> = [audit, components, noise, samples]
