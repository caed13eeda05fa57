/** Properties that distinguish the mechanisms: see `Mechanism.Name`. */
const real = { coordinates: "isometric", isComplex: false, printed: undefined } as const
const complex = { ...real, isComplex: true } as const
const upperTriangle = { ...real, coordinates: "upper triangle" } as const

/** `printed` is the scale of a mechanism that is not calibrated, in units of sqrt(T) R^2. */
export const kinds = {
  isotropic: real,
  complex,
  "upper-triangle": upperTriangle,
  "complex-as-printed": { ...complex, printed: 2 },
  "real-as-printed": { ...real, printed: 2 },
  "upper-triangle-as-printed": { ...upperTriangle, printed: 1 },
} as const

type Name = keyof typeof kinds

export const names = Object.keys(kinds) as [Name, ...Array<Name>]
