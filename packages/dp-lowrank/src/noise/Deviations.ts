/** Standard deviations of the entries of a noise, and the ratio that its privacy depends on. */
/** Standard deviations of the noise of a mechanism: see `Mechanism`. */
interface Noise {
  readonly coordinates: "isometric" | "upper triangle"
  readonly scale: number
  readonly sensitivity: number
}

/** The standard deviation of the noise on the diagonal. */
export const diagonalScale = ({ scale }: Pick<Noise, "scale">): number => scale

/** The standard deviation of the (real part of the) noise off the diagonal. */
export const offDiagonalScale = ({
  coordinates,
  scale,
}: Pick<Noise, "coordinates" | "scale">): number =>
  coordinates === "isometric" ? scale * Math.SQRT1_2 : scale

/** Sensitivity over scale: all that the privacy depends on. */
export const mu = ({ scale, sensitivity }: Pick<Noise, "scale" | "sensitivity">): number =>
  sensitivity / scale
