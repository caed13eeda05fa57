/** Eigenvalues without what the noise adds to them. */
import * as LowRank from "./LowRank.ts"
import { type Noisy, variance } from "./Noisy.ts"
import * as Theory from "./Theory.ts"

/** Each eigenvalue replaced by the Frobenius-optimal one over a null bulk: `Theory.shrunkEigenvalue`. Post-processing. */
export const shrink = (lowRank: LowRank.LowRank, noisy: Noisy): LowRank.LowRank =>
  LowRank.withValues(lowRank, (value) =>
    Theory.shrunkEigenvalue(value, variance(noisy), noisy.dimension),
  )
