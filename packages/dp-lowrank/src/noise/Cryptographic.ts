/** Unpredictable generators, which only this package makes, and which it recognises. */
declare const isCryptographic: unique symbol

/** Generator of the operating system. The only one is `operatingSystem` of `@nonconvex/dp-lowrank/node`. */
export interface Cryptographic {
  readonly _tag: "Cryptographic"
  readonly fill: (words: Uint32Array) => void
  readonly [isCryptographic]: true
}

const made = new WeakSet<object>()

/** For modules of this package that have such a generator; the package does not export it. */
export const cryptographic = (fill: Cryptographic["fill"]): Cryptographic => {
  // the symbol exists in the type alone, so that no other module can make one
  const source = Object.freeze({ _tag: "Cryptographic", fill }) as Cryptographic
  made.add(source)
  return source
}

/**
 * Tests whether the source was made by `cryptographic`. The type alone is no proof, since a copy with another `fill` has the
 * same type.
 */
export const isGenuine = (source: object): boolean => made.has(source)
