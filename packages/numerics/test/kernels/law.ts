import fc from "fast-check"

/** A named property that any runner can check; Node's tests and the browser run the same list. */
export interface Law {
  readonly name: string
  /** Throws with the smallest counterexample found. */
  readonly check: (parameters: { readonly seed: number; readonly numRuns: number }) => void
}

export const law = <T>(name: string, property: fc.IPropertyWithHooks<T>): Law => ({
  name,
  check: (parameters) => fc.assert(property, parameters),
})
