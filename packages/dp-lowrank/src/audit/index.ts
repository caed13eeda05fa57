/** Tests a mechanism for what it promises, on one pair of neighbouring inputs. */
export { audit, requiredSamples } from "./Audit.ts"
export { auditSamples } from "./SampleAudit.ts"
