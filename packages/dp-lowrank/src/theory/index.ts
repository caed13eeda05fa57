/**
 * Sensitivities, the size of the noise, and the errors that it makes: pure functions; each says what it assumes.
 *
 * Notation: R the bound on a row, d the dimension, k the rank, sigma_1 >= ... >= sigma_d the spectrum, T the paper's variance,
 * v = E|E_ij|^2 off the diagonal, beta = 1 for real symmetric and 2 for complex Hermitian noise, s_F the standard deviation in
 * Frobenius-isometric coordinates (E_ii, sqrt 2 Re E_ij, sqrt 2 Im E_ij). The paper is Mangoubi and Vishnoi, COLT 2023.
 */
export { noiseNorm } from "./NoiseEnsemble.ts"
export { firstOrderError } from "./TruncationError.ts"
