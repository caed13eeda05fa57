export { descentLaws, laws } from "./laws/index.ts"
export { MatrixFactorization, system } from "./system.ts"
