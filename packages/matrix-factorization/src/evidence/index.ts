export { descentLaws, laws } from "./laws/index.ts"
export { MatrixFactorization } from "./system.ts"
