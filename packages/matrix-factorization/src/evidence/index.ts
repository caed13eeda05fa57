export { descentLaws, laws } from "./laws/index.ts"
export type { Subject } from "./support/Subject.ts"
export { MatrixFactorization, system } from "./system.ts"
