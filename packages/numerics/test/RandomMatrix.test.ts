import { InvalidInput, RandomStream, Seed } from "@nonconvex/numerics"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as HermitianEigen from "@nonconvex/numerics/HermitianEigen"
import * as Gamma from "../src/Gamma.ts"
import * as RandomMatrix from "../src/RandomMatrix.ts"
import * as Tridiagonal from "../src/Tridiagonal.ts"
import { assert, describe, it } from "vitest"
import { gaussianTridiagonal } from "./support/GaussianTridiagonal.ts"

const root = Seed.root(17)
const stream = (label: string) => RandomStream.make(root.child(label))

/** Mean and standard error. */
const mean = (samples: ReadonlyArray<number>) => {
  const average = samples.reduce((sum, x) => sum + x, 0) / samples.length
  const variance = samples.reduce((sum, x) => sum + (x - average) ** 2, 0) / (samples.length - 1)
  return { average, error: Math.sqrt(variance / samples.length) }
}

/** How many standard errors the mean is away from what it should be. */
const deviation = (samples: ReadonlyArray<number>, expected: number) => {
  const { average, error } = mean(samples)
  return Math.abs(average - expected) / error
}

/** Five standard errors: one false alarm in two million. */
const near = (samples: ReadonlyArray<number>, expected: number, what: string) => {
  assert.isAtMost(deviation(samples, expected), 5, what)
}

const draw = <T>(count: number, f: () => T): Array<T> => Array.from({ length: count }, f)

describe("Gamma", () => {
  it.each([0.1, 0.5, 1, 2.5, 40])("has mean and variance %d for that shape", (shape) => {
    const s = stream(`gamma ${shape}`)
    const samples = draw(40_000, () => Gamma.gamma(shape, s))
    const moments = [
      deviation(samples, shape),
      deviation(
        samples.map((x) => (x - shape) ** 2),
        shape,
      ),
      deviation(
        samples.map((x) => (x - shape) ** 3),
        2 * shape,
      ),
    ]
    assert.isAtMost(Math.max(...moments), 5)
  })

  it("gives chi numbers of the right square, and refuses shapes that are not positive", () => {
    const s = stream("chi")
    near(
      draw(40_000, () => Gamma.chi(3, s) ** 2),
      3,
      "degrees",
    )
    for (const shape of [0, -1, NaN, Infinity])
      assert.throws(() => Gamma.gamma(shape, s), InvalidInput)
  })
})

describe("RandomMatrix", () => {
  it("has Gaussian ensembles with the stated variances and symmetries", () => {
    const s = stream("ensembles")
    const real = draw(20_000, () => RandomMatrix.gaussianOrthogonal(2, s))
    near(
      real.map((a) => a[2]! ** 2),
      1,
      "off-diagonal",
    )
    near(
      real.map((a) => a[3]! ** 2),
      2,
      "diagonal",
    )
    assert.isTrue(real.every((a) => a[1] === a[2]))
    const complex = draw(20_000, () => RandomMatrix.gaussianUnitary(2, s))
    near(
      complex.map(({ re, im }) => re[2]! ** 2 + im[2]! ** 2),
      1,
      "off-diagonal",
    )
    near(
      complex.map(({ re, im }) => re[2]! ** 2 - im[2]! ** 2),
      0,
      "real and imaginary alike",
    )
    near(
      complex.map(({ re }) => re[3]! ** 2),
      1,
      "diagonal",
    )
    assert.isTrue(
      complex.every(({ re, im }) => re[1] === re[2] && im[1] === -im[2]! && im[0] === 0),
    )
  })

  it("has tridiagonal models with the eigenvalues of the dense ensembles", () => {
    const n = 5
    const s = stream("tridiagonal")
    const ofTridiagonal = (beta: number) =>
      draw(6000, () => {
        const { diagonal, off } = gaussianTridiagonal(n, beta, s)
        return Tridiagonal.eigenvalues(diagonal, off)
      })
    const dense = [
      draw(6000, () => SymmetricEigen.eigenvalues(RandomMatrix.gaussianOrthogonal(n, s), n)),
      draw(6000, () => {
        const { re, im } = RandomMatrix.gaussianUnitary(n, s)
        return HermitianEigen.eigenvalues(re, im, n)
      }),
    ]
    dense.forEach((samples, which) => {
      const model = ofTridiagonal(which + 1)
      for (const statistic of [
        (v: Float64Array) => v[n - 1]!,
        (v: Float64Array) => v[3]! - v[2]!,
      ]) {
        const [a, b] = [mean(samples.map(statistic)), mean(model.map(statistic))]
        assert.isAtMost(Math.abs(a.average - b.average), 5 * Math.hypot(a.error, b.error))
      }
    })
  })

  it("defines dimension 0 and refuses bad dimensions", () => {
    const s = stream("empty")
    assert.strictEqual(RandomMatrix.gaussianOrthogonal(0, s).length, 0)
    assert.throws(() => RandomMatrix.gaussianUnitary(1.5, s), InvalidInput)
  })
})

describe("Orthogonal", () => {
  it("has orthogonal matrices under Haar measure", () => {
    const s = stream("orthogonal")
    const d = 4
    const samples = draw(6000, () => Orthogonal.haar(d, s))
    let worst = 0
    for (const q of samples.slice(0, 50)) {
      for (let i = 0; i < d; i++) {
        for (let j = 0; j <= i; j++) {
          let x = i === j ? -1 : 0
          for (let k = 0; k < d; k++) x += q[i * d + k]! * q[j * d + k]!
          worst = Math.max(worst, Math.abs(x))
        }
      }
    }
    assert.isAtMost(worst, 2e-15)
    // Moments of the trace: those of a standard normal, up to order 2 d + 1; entries have variance 1 / d.
    const trace = samples.map((q) => q[0]! + q[5]! + q[10]! + q[15]!)
    near(trace, 0, "mean of the trace")
    near(
      trace.map((x) => x ** 2),
      1,
      "second moment of the trace",
    )
    near(
      trace.map((x) => x ** 4),
      3,
      "fourth moment of the trace",
    )
    near(
      samples.map((q) => q[15]! ** 2),
      1 / d,
      "last entry",
    )
    near(
      samples.map((q) => q[0]! ** 4),
      3 / (d * (d + 2)),
      "first entry",
    )
    assert.deepStrictEqual(Orthogonal.haar(0, s), new Float64Array(0))
    assert.isTrue(Math.abs(Orthogonal.haar(1, s)[0]!) === 1)
    assert.throws(() => Orthogonal.haar(-1, s), InvalidInput)
  })
})
