import { system } from "../../src/evidence/system.ts"

/**
 * Their ids. By the plain loops of the reference kernels, to which the others are compared, they would take ten minutes; `npm run bits`
 * compares all of them.
 */
export const slow: ReadonlySet<string> = new Set(
  [
    "catapult-shrinks-the-kernel",
    "kernel-stays-below-the-critical-rate",
    "spike-in-the-top-eigenspace",
    "catapults-learn-features",
    "small-batches-learn-features",
    "alignment-ranks-optimizers",
    "too-few-samples",
    "batch-sizes",
    "optimizers",
    "forced-catapults",
    "rate-schedule",
    "causal-test",
    "test-loss-by-rate",
    "cross-entropy",
    "fashion-mnist",
    "peaks-of-quadratic-models",
    "quadratic-models",
  ].map((name) => `${system.id}/${name}`),
)

/** Whether a case is of one of them, by its name. */
export const isSlow = (name: string): boolean => slow.has(name.split(" ")[0]!)
