import { type Catalogue, provide } from "@nonconvex/problems/Operation"
import { operatingSystem } from "../noise/OperatingSystem.ts"
import { audit } from "./AuditMechanism.ts"
import { auditSamples } from "./AuditSamples.ts"
import { noise } from "./DrawNoise.ts"
import { components } from "./ReleasedComponents.ts"

/** Catalogue of this package's operations for jobs. */
export const system: Catalogue = {
  id: "dp-lowrank",
  package: "@nonconvex/dp-lowrank",
  version: "0.2.0",
  operations: [audit, auditSamples, components, provide(noise, { entropy: operatingSystem })],
  module: import.meta.url,
}
