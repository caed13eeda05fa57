// The public surface, and nothing else: a name that is not here is free to change.
export { Certificate, certify } from "./certificate/Certificate.ts"
export { check } from "./certificate/Check.ts"
export { lean } from "./certificate/Lean.ts"
export { worstCase } from "./estimation/WorstCase.ts"
export { worstInstance } from "./instance/WorstInstance.ts"
export {
  FalseCertificate,
  InvalidMethod,
  NoInstance,
  NoInterpolation,
  NotCertified,
  NotSolved,
  TooLarge,
  UnboundedWorstCase,
} from "./method/Failures.ts"
export * as Methods from "./method/Methods.ts"
export { Method } from "./method/Method.ts"
export { readCertificate, readMethod } from "./method/Read.ts"
export * as Semidefinite from "./semidefinite/index.ts"
