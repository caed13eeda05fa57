/** Tests a mechanism for what it promises, on one pair of neighbouring inputs; pairs and subjects of this package's own mechanisms. */
export { audit, requiredSamples } from "./Audit.ts"
export { idealised, released, worstPair } from "./AuditSubject.ts"
export { auditSamples } from "./SampleAudit.ts"
