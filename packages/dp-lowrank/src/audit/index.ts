/** Tests a mechanism for what it promises, on one pair of neighbouring inputs; pairs and subjects of this package's own mechanisms. */
export { agrees, along, audit, type Report, requiredSamples, type Subject } from "./Audit.ts"
export { idealised, released, worstPair } from "./AuditSubject.ts"
export { auditSamples, type Outputs, type SamplesOptions } from "./SampleAudit.ts"
