/** Tests the privacy guarantee of a mechanism on one pair of neighbouring inputs. */
export { audit, requiredSamples } from "./Audit.ts"
export { auditSamples } from "./SampleAudit.ts"
