/** The standard deviations of the entries of a noise, and what its privacy depends on. */
import type { Mechanism } from "./Mechanism.ts"

/** The standard deviation of the noise on the diagonal. */
export const diagonalScale = ({ scale }: Mechanism): number => scale

/** The standard deviation of the (real part of the) noise off the diagonal. */
export const offDiagonalScale = ({ coordinates, scale }: Mechanism): number =>
  coordinates === "isometric" ? scale * Math.SQRT1_2 : scale

/** Sensitivity over scale: all that the privacy depends on. */
export const mu = ({ scale, sensitivity }: Mechanism): number => sensitivity / scale
