/**
 * Critical rates, laws and closed forms. Pure functions, each with its assumptions and its source. Factors of 2, of the
 * number of samples and of the batch size appear only here, and claims test each of them.
 *
 * Notation: every squared loss is `L = c |r|^2` with the residuals r of all samples, and eta is the learning rate. `e =
 * 2 c eta` is the effective step, K = J J' the tangent kernel, lambda its largest eigenvalue, kappa = e lambda. A
 * linear model moves by `r <- (I - e K) r`. The paper is Zhu, Liu, Radhakrishnan, Belkin 2024; its text was not
 * available.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"

/** Factor c of the mean squared error, which PyTorch's MSELoss and the paper (as recalled) minimise. */
export const meanFactor = (samples: number): number => 1 / samples

/** The effective step `e = 2 c eta`. Derived here. */
export const effectiveStep = (factor: number, learningRate: number): number =>
  2 * factor * learningRate

/**
 * The largest stable learning rate of gradient descent with momentum on a linear model, `(1 + beta) / (c lambda)`. It is `n /
 * lambda` for the mean of squares (as recalled), and `2 / lambda` for half the sum (as printed in Zhu et al. 2022). Derived here.
 */
export const criticalRate = (factor: number, topEigenvalue: number, momentum = 0): number =>
  (1 + momentum) / (factor * topEigenvalue)

/**
 * The same from the largest eigenvalue of the Hessian of the loss, `2 (1 + beta) / lambda(H)`. Derived here.
 */
export const criticalRateOfCurvature = (curvature: number, momentum = 0): number =>
  (2 * (1 + momentum)) / curvature

/** Stability limit of `eta lambda(H)`, or `e lambda(K)`: `2 (1 + beta)`. Derived here. */
export const stabilityLimit = (momentum = 0): number => 2 * (1 + momentum)

/**
 * Curvature along the gradient times the learning rate, of a step on one batch: `s = 1 - g_t . g_(t+1) / |g_t|^2` of a
 * plain one, and `1 + beta - (g_t . g_(t+1) + beta g_(t-1) . g_t) / |g_t|^2` with momentum, for `g_(t+1) = (1 + beta)
 * g_t - beta g_(t-1) - eta H g_t`. Exact on a quadratic loss at a constant rate. If the gradient reverses direction and
 * grows by rho per step, it is `1 + beta + rho + beta / rho`. This is above the stability limit `2 (1 + beta)` only for
 * rho above 1. Derived here.
 */
export const directionalSharpness = (
  squaredNorm: number,
  withNext: number,
  momentum = 0,
  withPrevious = 0,
): number => 1 + momentum - (withNext + momentum * withPrevious) / squaredNorm

/** Multiplier of the squared loss along an eigenvector in one step of a linear model. Derived here. */
export const linearMultiplier = (step: number, eigenvalue: number): number =>
  Elementary.square(1 - step * eigenvalue)

/** The critical rate of a batch of the mean loss, `b / lambda(K_B)`. */
export const batchCriticalRate = (batchSize: number, topEigenvalue: number): number =>
  criticalRate(meanFactor(batchSize), topEigenvalue)

/**
 * The harmonic mean. Over the batches of an epoch the harmonic mean of their critical rates is at most the critical rate of all samples. It
 * does not grow when batches are split. With one sample per batch it is `n / tr K`. Derived here.
 */
export const harmonicMean = (values: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += 1 / values[i]!
  return values.length / sum
}

/**
 * Alignment of a scaled identity with a projection of rank r in d dimensions, `sqrt(r / d)`: the value without feature
 * learning. Derived here.
 */
export const isotropicAlignment = (rank: number, dimension: number): number =>
  Math.sqrt(rank / dimension)
