/** The sin-theta theorem of Davis and Kahan. */

/**
 * Bound on the spectral distance of the projectors on the exact and the noisy top k. It is |E| / gap with gap = sigma_k(M) -
 * sigma_{k+1}(M + E), and 1 where the gap is not above |E| (Davis, Kahan 1970, as recalled).
 */
export const projectorBound = (noise: number, gap: number): number =>
  gap > noise ? noise / gap : 1
