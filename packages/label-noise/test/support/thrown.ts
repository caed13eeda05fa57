import { assert } from "vitest"

/** The thrown error, which must be of this class. */
export const thrown = <Failure extends Error>(
  kind: new (...parameters: never) => Failure,
  evaluate: () => unknown,
): Failure => {
  try {
    evaluate()
  } catch (cause) {
    if (cause instanceof kind) return cause
    throw cause
  }
  return assert.fail("nothing was thrown")
}
