/** Private releases of your own data, and audits of mechanisms: entry `@nonconvex/dp-lowrank/operations`. */
export { PrivateScatter } from "../release/PrivateScatter.ts"
export { release, statement } from "../release/Release.ts"
export { audit, Audited } from "./AuditMechanism.ts"
export { AuditedSamples, auditSamples } from "./AuditSamples.ts"
export { components } from "./ReleasedComponents.ts"
export { system } from "./system.ts"
