import { BackendUnavailable, HermitianEigen, Kernels, SymmetricEigen } from "@nonconvex/numerics"
import * as Native from "@nonconvex/numerics/Native"
import { Effect, Exit } from "effect"
import { assert, describe, it } from "vitest"
import { close, doubles } from "./expand.ts"

const found = await Effect.runPromiseExit(Native.make())

/** Runs a comparison where OpenBLAS is, and otherwise says that it did not and checks the error. */
const compare = (run: (native: Native.NativeKernels) => void) => {
  if (Exit.isSuccess(found)) return run(found.value)
  const error = Effect.runSync(Effect.flip(found))
  assert.instanceOf(error, BackendUnavailable)
  console.info(`skipped: ${error.message}`)
}

const sizes = [
  [1, 1, 1],
  [5, 3, 4],
  [33, 17, 300],
  [64, 70, 9],
] as const

describe("Native", () => {
  it("fails with BackendUnavailable where no library loads", async () => {
    const error = await Effect.runPromise(Effect.flip(Native.make(["libnowhere.so.0"])))
    assert.instanceOf(error, BackendUnavailable)
    assert.strictEqual(error.backend, "OpenBLAS")
    assert.include(error.message, "Install the npm package koffi and OpenBLAS")
  })

  it("is given to a program by its layer, or refused with the reason", async () => {
    const name = Effect.map(Kernels.Current, (kernels) => kernels.name)
    const exit = await Effect.runPromiseExit(Effect.provide(name, Native.layer))
    const refusal = Exit.isSuccess(found) ? undefined : Effect.runSync(Effect.flip(found))
    if (refusal === undefined) assert.deepStrictEqual(exit, Exit.succeed("native"))
    else assert.deepStrictEqual(exit, Exit.fail(refusal))
  })

  it("gemm and gemv agree with the strict build", () => {
    assert.doesNotThrow(() =>
      compare((native) => {
        for (const [m, n, k] of sizes) {
          for (const [transposeA, transposeB] of [
            [false, false],
            [true, false],
            [false, true],
            [true, true],
          ] as const) {
            const from = { seed: m, decades: 0 }
            const [a, b] = [doubles(from, "a", m * k), doubles(from, "b", k * n)]
            const [c, expected] = [doubles(from, "c", m * n), doubles(from, "c", m * n)]
            native.gemm(transposeA, transposeB, m, n, k, 0.5, a, b, -1, c)
            Kernels.strict().gemm(transposeA, transposeB, m, n, k, 0.5, a, b, -1, expected)
            close("gemm", c, expected, () => 1e-12)
            const x = doubles(from, "x", transposeA ? m : k)
            const [y, product] = [
              new Float64Array(m + k - x.length),
              new Float64Array(m + k - x.length),
            ]
            native.gemv(transposeA, m, k, 2, a, x, 0, y)
            Kernels.strict().gemv(transposeA, m, k, 2, a, x, 0, product)
            close("gemv", y, product, () => 1e-12)
          }
        }
      }),
    )
  })

  it("has memories of other sizes with the same functions", () => {
    assert.doesNotThrow(() =>
      compare((native) => {
        const own = native.withCapacity(2 ** 20)
        assert.deepStrictEqual([own.name, own.arena.capacity], ["native", 2 ** 20])
        assert.strictEqual(own.withCapacity(64).name, "native")
      }),
    )
  })

  it("cholesky, syrk, dot, norm and axpy agree with the strict build", () => {
    assert.doesNotThrow(() =>
      compare((native) => {
        const n = 70
        const from = { seed: 4, decades: 0 }
        const b = doubles(from, "b", n * n)
        const [a, expected] = [new Float64Array(n * n), new Float64Array(n * n)]
        native.syrk(true, n, n, 1, b, 0, a)
        Kernels.strict().syrk(true, n, n, 1, b, 0, expected)
        close("syrk", a, expected, () => 1e-11)
        for (let i = 0; i < n; i++) a[i * n + i] = a[i * n + i]! + n
        const factor = a.slice()
        assert.strictEqual(native.cholesky(n, factor), -1)
        assert.strictEqual(Kernels.strict().cholesky(n, a), -1)
        close("cholesky", factor, a, () => 1e-11)
        a[n + 1] = -1
        assert.strictEqual(native.cholesky(n, a), 1)
        const [x, y] = [b.slice(0, n), b.slice(n, 2 * n)]
        close("dot", [native.dot(x, y)], [Kernels.strict().dot(x, y)], () => 1e-12)
        close("norm", [native.norm(x)], [Kernels.strict().norm(x)], () => 1e-12)
        native.axpy(2, x, y)
        close(
          "axpy",
          y,
          x.map((value, i) => b[n + i]! + 2 * value),
          () => 1e-14,
        )
      }),
    )
  })

  it("eigenvalues agree with LAPACK", () => {
    assert.doesNotThrow(() =>
      compare((native) => {
        for (const n of [1, 2, 7, 40, 90]) {
          const from = { seed: n, decades: 0 }
          const [re, im] = [doubles(from, "re", n * n), doubles(from, "im", n * n)]
          for (let i = 0; i < n; i++) {
            im[i * n + i] = 0
            for (let j = 0; j < i; j++) {
              re[j * n + i] = re[i * n + j]!
              im[j * n + i] = -im[i * n + j]!
            }
          }
          const bound = 50 * n * 2 ** -53 * (2 * n)
          close(
            "symmetric",
            SymmetricEigen.eigenvalues(re, n),
            native.symmetricEigenvalues(re, n),
            () => bound,
          )
          close(
            "hermitian",
            HermitianEigen.eigenvalues(re, im, n),
            native.hermitianEigenvalues(re, im, n),
            () => bound,
          )
          const squares = native
            .singularValues(re, n, n)
            .map((value) => value * value)
            .toSorted()
          const own = SymmetricEigen.eigenvalues(re, n)
            .map((value) => value * value)
            .toSorted()
          close("singular", squares, own, () => bound * 4 * n)
        }
      }),
    )
  })
})
