/** The draws of `reference/Ensemble.ts`: tridiagonal matrices with the eigenvalues of the Gaussian ensembles. */
import { exp, log } from "./elementary"
import { normal, read, uniformOpen, write } from "./random"
import { bytes } from "./simd"

/** A gamma number of shape d + 1/3 >= 1, where c = 1 / sqrt(9 d); see `Gamma.ts`. */
@inline
function gamma(d: f64, c: f64, tables: usize, tailStart: f64): f64 {
  while (true) {
    const x = normal(tables, tailStart)
    const root = 1 + c * x
    if (root <= 0) continue
    const v = root * root * root
    const u = uniformOpen()
    if (u < 1 - 0.0331 * (x * x) * (x * x)) return d * v
    if (log(u) < 0.5 * x * x + d - d * v + d * log(v)) return d * v
  }
}

/** `count` matrices of order n, n and n - 1 numbers each. */
export function fillTridiagonal(
  state: usize, tables: usize, tailStart: f64, count: i32, n: i32, beta: f64, diagonal: usize, off: usize,
): void {
  read(state)
  const scale = sqrt(2 / beta)
  const root = sqrt(beta)
  for (let k = 0; k < count; k++) {
    for (let i = 0; i < n; i++) {
      store<f64>(diagonal, scale * normal(tables, tailStart))
      diagonal += 8
    }
    for (let i = n - 1; i > 0; i--) {
      const shape = (beta * <f64>i) / 2
      const d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3.0
      let number = gamma(d, 1 / sqrt(9 * d), tables, tailStart)
      if (shape < 1) number = number * exp(log(uniformOpen()) / shape)
      store<f64>(off, sqrt(2 * number) / root)
      off += 8
    }
  }
  write(state)
}
