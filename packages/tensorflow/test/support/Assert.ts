import { assert } from "@effect/vitest"

/** What `body` throws, which must be of the given class; anything else is thrown on. */
export const assertThrows = <E>(body: () => unknown, type: new (...args: never) => E): E => {
  try {
    body()
  } catch (error) {
    if (error instanceof type) return error
    throw error
  }
  return assert.fail("nothing was thrown")
}

/** The same, of a promise. */
export const assertRejects = async <E>(
  body: () => Promise<unknown>,
  type: new (...args: never) => E,
): Promise<E> => {
  try {
    await body()
  } catch (error) {
    if (error instanceof type) return error
    throw error
  }
  return assert.fail("nothing was rejected")
}

/** Component by component, up to an absolute tolerance. */
export const assertClose = (
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void => {
  assert.strictEqual(actual.length, expected.length)
  for (let i = 0; i < expected.length; i++) {
    assert.closeTo(actual[i]!, expected[i]!, tolerance, String(i))
  }
}
