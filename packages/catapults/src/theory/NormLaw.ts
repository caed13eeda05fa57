/** Effect of a step of gradient descent on the norm of the parameters. Notation as in `CriticalRate.ts`. */

/**
 * `|theta|^2` after a step of gradient descent on a network of `depth` homogeneous layers without biases: `|theta|^2 -
 * 2 depth e <r, f> + e^2 <r, K r>`, exactly. By Euler's identity `theta . grad f = depth f`. Derived here.
 */
export const squaredNormAfter = (
  squaredNorm: number,
  depth: number,
  step: number,
  residualTimesOutput: number,
  residualKernelResidual: number,
): number =>
  squaredNorm - 2 * depth * step * residualTimesOutput + step * step * residualKernelResidual

/**
 * Tests `|r| (4 - kappa) > 4 |y|`, where a step of a two-layer network without biases shortens the parameters. Derived here.
 */
export const normMustFall = (residual: number, kappa: number, labels: number): boolean =>
  residual * (4 - kappa) > 4 * labels

/**
 * `lambda(K) <= sigma(X)^2 |theta|^2 / (m d)` for a two-layer ReLU network of width m on inputs of d numbers. Derived here.
 */
export const kernelBound = (
  largestSingularValue: number,
  squaredNorm: number,
  width: number,
  inputs: number,
): number => (largestSingularValue * largestSingularValue * squaredNorm) / (width * inputs)

/**
 * Limit on the effective step: below it, with labels 0, every step shortens the parameters of a two-layer ReLU network, and
 * the loss tends to 0. The limit is `4 m d / (sigma(X)^2 |theta_0|^2)`, at any width. Derived here.
 */
export const certifiedStep = (...network: Parameters<typeof kernelBound>): number =>
  4 / kernelBound(...network)
