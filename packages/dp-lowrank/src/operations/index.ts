/** Private releases of your own data, and audits of mechanisms: entry `@nonconvex/dp-lowrank/operations`. */
export { PrivateScatter } from "../release/PrivateScatter.ts"
export { release, statement } from "../release/Release.ts"
export { estimates } from "../statistics/Estimates.ts"
export {
  release as releaseStatistics,
  statement as statisticsStatement,
} from "../statistics/NoisyStatistics.ts"
export { PrivateTallies } from "../statistics/PrivateTallies.ts"
export * as StatisticsPlan from "../statistics/StatisticsPlan.ts"
export { audit, Audited } from "./AuditMechanism.ts"
export { AuditedSamples, auditSamples } from "./AuditSamples.ts"
export { components } from "./ReleasedComponents.ts"
export { system } from "./system.ts"
