// The public surface, and nothing else: a name that is not here is free to change.
export { Certificate, certify } from "./certificate/Certificate.ts"
export { check, type Theorem } from "./certificate/Check.ts"
export { lean } from "./certificate/Lean.ts"
export { type Estimate, type Options, worstCase } from "./estimation/WorstCase.ts"
export * from "./method/Failures.ts"
export * as Methods from "./method/Methods.ts"
export { type FunctionClass, type Instruction, type Measure, Method } from "./method/Method.ts"
export * as Semidefinite from "./semidefinite/Semidefinite.ts"
