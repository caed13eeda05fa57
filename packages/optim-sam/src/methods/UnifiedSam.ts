/** The family between USAM and SAM. */
export { unifiedSam } from "@nonconvex/problems/UnifiedSam"
