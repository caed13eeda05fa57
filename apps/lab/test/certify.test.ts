/** Certificates from the command line, of networks that `train` saved. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { CertifyReport } from "../src/data/certify/CertifyReport.ts"
import { temporary } from "./support/Folders.ts"
import { nonconvex } from "./support/InProcess.ts"
import { saved } from "./support/Saved.ts"

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(CertifyReport)))

const once = Effect.runSync(
  Effect.cached(
    Effect.map(saved("digits", "--epochs", "2", "--hidden", "8"), (file) =>
      readFileSync(file, "utf8"),
    ),
  ),
)

/** A network trained on digits for two epochs, once for all tests. */
const trained = Effect.map(once, (network) => {
  const file = join(temporary(), "network.json")
  writeFileSync(file, network)
  return file
})

interface Saved {
  readonly parameters: ReadonlyArray<number>
}

const csv = (table: ReadonlyArray<ReadonlyArray<number>>, header = "x,y,z"): string => {
  const file = join(temporary(), "data.csv")
  writeFileSync(file, [header, ...table.map((row) => row.join(","))].join("\n"))
  return file
}

describe("certify", () => {
  it.live("says what is known and what to do next, and draws the spectrum", () =>
    Effect.gen(function* () {
      const file = yield* trained
      const figure = join(temporary(), "spectrum.svg")
      const { code, stdout } = yield* nonconvex([], ["certify", file, "digits", "--figure", figure])
      assert.strictEqual(code, 0)
      assert.match(
        stdout,
        /^verdict {8}not flat: on the descent from here the loss falls by more than 0\.0100, by [\d.]+ so far: the training has not reached a minimum$/m,
      )
      assert.match(
        stdout,
        /^flat means {5}at the bottom of a valley, within 0\.01 of its lowest loss, with a mean curvature /m,
      )
      assert.match(stdout, /^would change {3}further descent to the minimum \(--descend, /m)
      assert.match(
        stdout,
        /^lower loss {5}the loss falls by [\d.]+; ended when the loss had fallen/m,
      )
      assert.match(stdout, /^loss gap {7}at most [\d.]+$/m)
      assert.match(stdout, /^residual {7}[\d.e-]+ ± [\d.e-]+/m)
      assert.match(stdout, /^trace {10}[\d.]+ ± 0 \(exact\)$/m)
      assert.match(stdout, /^top eigenvalue [\d.]+ ± [\d.e-]+, smallest -?[\d.e-]+ ± [\d.e-]+$/m)
      assert.match(stdout, /^next largest {3}([\d.]+ ± [\d.e-]+(, |$)){4}/m)
      assert.match(stdout, /^spectral gap {3}.*, in the whole spectrum$/m)
      assert.match(stdout, /^spectrum {7}share of the eigenvalues of the Hessian, by size$/m)
      assert.match(stdout, /^ +1e-?\d to 1e-?\d +[\d.]+ % {2}#+$/m)
      assert.match(stdout, /^ +.* +[\d.]+ % {2}#{30}$/m)
      assert.match(stdout, /^next {11}add --descend 20000, which first descends to the minimum/m)
      assert.match(readFileSync(figure, "utf8"), /<svg/)
    }),
  )

  it.live("prints JSON with an exact trace and a density that adds up to one", () =>
    Effect.gen(function* () {
      const file = yield* trained
      const { stdout } = yield* nonconvex([], ["certify", file, "digits", "--json"])
      const { certificate, density } = yield* decode(stdout)
      const total = density.reduce((sum, { weight }) => sum + weight, 0)
      assert.closeTo(total, 1, 1e-9)
      assert.strictEqual(certificate.trace.standardError, 0)
      assert.isAbove(certificate.topEigenvalue, 0)
    }),
  )

  it.live("computes with the kernels that it is asked for, and says so", () =>
    Effect.gen(function* () {
      const file = yield* saved("diabetes", "--epochs", "2", "--hidden", "4")
      const found = Effect.fnUntraced(function* (kernels: string) {
        const command = ["certify", file, "diabetes", "--json", "--kernels", kernels]
        return yield* decode((yield* nonconvex([], command)).stdout)
      })
      const strict = yield* found("strict")
      assert.strictEqual(strict.kernels, "strict")
      assert.deepStrictEqual(yield* found("reference"), { ...strict, kernels: "reference" })
    }),
  )

  it.live("estimates the trace where it has no formula", () =>
    Effect.gen(function* () {
      const file = yield* saved("digits", "--hidden", "16", "--activation", "tanh", "--epochs", "1")
      const { stdout } = yield* nonconvex([], ["certify", file, "digits"])
      assert.match(stdout, /^verdict {8}not flat: on the descent from here the loss falls/m)
      assert.match(stdout, /^trace {10}[\d.]+ ± [\d.]+$/m)
      assert.match(stdout, /^residual {7}[\d.e-]+ ± [\d.e-]+, between [\d.e-]+ and [\d.e-]+$/m)
    }),
  )
})

/** Targets that no line meets, and a network that can. */
const rows = Array.from({ length: 12 }, (_, i) => [Math.cos(i), Math.sin(2 * i), Math.cos(5 * i)])

describe("certify --descend", () => {
  const flags = ["--target", "z", "--task", "regression"]
  const train = (file: string) =>
    saved(file, ...flags, "--hidden", "24", "--batch", "9", "--epochs", "200", "--method", "plain")

  it.live("goes down to the minimum of a saved network, and finds its gap", () =>
    Effect.gen(function* () {
      const data = csv(rows)
      const file = yield* train(data)
      const command = ["certify", file, data, ...flags, "--descend", "100000", "--json"]
      const judge = Effect.fnUntraced(function* (...more: ReadonlyArray<string>) {
        const { stdout } = yield* nonconvex([], [...command, ...more])
        return yield* decode(stdout)
      })
      const loose = yield* judge("--residual-tolerance", "100")
      assert.strictEqual(loose.certificate.verdict, "flat")
      assert.isAtMost(loose.certificate.gradientNorm, 1e-6)
      assert.isAbove(loose.certificate.gap!, 1000)
      assert.strictEqual(loose.descent?.end, "minimum")
      assert.isTrue(loose.traceIsExact)
      assert.match(loose.next, /^keep this network/)
      const strict = yield* judge("--residual-tolerance", "1e-6")
      assert.strictEqual(strict.certificate.verdict, "not flat")
      assert.match(strict.next, /^continue with a perturbation/)
    }),
  )

  it.live("ends with 3 and the gradient norm reached where no minimum is near", () =>
    Effect.gen(function* () {
      const data = csv(rows)
      const file = yield* train(data)
      const command = ["certify", file, data, ...flags, "--descend", "3", "--quiet"]
      const { code, stderr, stdout } = yield* nonconvex([], command)
      assert.strictEqual(code, 3)
      assert.strictEqual(stdout, "")
      assert.match(
        stderr,
        /^nonconvex: certify --descend: no minimum near the start: the gradient norm fell to [\d.]+, not to 0\.000001 in 3 gradients/,
      )
    }),
  )

  it.live("finds the rank of rows that repeat, and of a line through one column", () =>
    Effect.gen(function* () {
      const twice = csv([...rows.slice(0, 6), ...rows.slice(0, 6)])
      const descend = ["--descend", "100000", "--json"]
      const { certificate } = yield* decode(
        (yield* nonconvex([], ["certify", yield* train(twice), twice, ...flags, ...descend]))
          .stdout,
      )
      assert.isAtMost(certificate.rank!, 6)
      assert.notStrictEqual(certificate.verdict, "undetermined")
      const line = csv(
        rows.map(([x]) => [x!, 2 * x! + 1]),
        "x,z",
      )
      const file = yield* saved(line, ...flags, "--hidden", "none", "--epochs", "1")
      const one = yield* decode(
        (yield* nonconvex([], ["certify", file, line, ...flags, ...descend])).stdout,
      )
      assert.strictEqual(one.certificate.dimension, 2)
      assert.strictEqual(one.certificate.verdict, "flat")
    }),
  )
})

describe("certify refuses", () => {
  const refused = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
    const { code, stderr, stdout } = yield* nonconvex([], ["certify", ...args])
    assert.strictEqual(code, 1)
    assert.strictEqual(stdout, "")
    assert.notInclude(stderr, "\n")
    return stderr
  })
  /** The file of `trained` with a part replaced. */
  const changed = Effect.fnUntraced(function* (change: (net: Saved) => object) {
    const net = JSON.parse(readFileSync(yield* trained, "utf8")) as Saved
    const file = join(temporary(), "changed.json")
    writeFileSync(file, JSON.stringify(change(net)))
    return file
  })

  it.live("a file that is not there, is no JSON, or is of another version", () =>
    Effect.gen(function* () {
      const text = join(temporary(), "text.json")
      assert.match(
        yield* refused(text, "digits"),
        /no such file; create it with nonconvex train --save/,
      )
      writeFileSync(text, "{}")
      assert.match(yield* refused(text, "digits"), /not a network .*\(format: missing key\)/)
      writeFileSync(text, "nonsense")
      assert.match(yield* refused(text, "digits"), /is not JSON /)
      const newer = yield* changed((net) => ({ ...net, format: 2 }))
      assert.match(
        yield* refused(newer, "digits"),
        /not a network from this version of train \(format: expected 1\)/,
      )
    }),
  )

  it.live("numbers that are not finite, and shapes that are none", () =>
    Effect.gen(function* () {
      const nan = yield* changed((net) => ({
        ...net,
        parameters: ["NaN", ...net.parameters.slice(1)],
      }))
      assert.match(yield* refused(nan, "digits"), /parameters\[0\]: expected number/)
      const short = yield* changed((net) => ({ ...net, parameters: net.parameters.slice(1) }))
      assert.match(yield* refused(short, "digits"), /a number of parameters that does not match/)
      const huge = yield* changed((net) => ({
        ...net,
        parameters: net.parameters.map(() => 1e200),
      }))
      for (const flags of [[], ["--descend", "10"]]) {
        assert.match(
          yield* refused(huge, "digits", ...flags),
          /a loss that overflows on these data/,
        )
      }
      const flat = yield* changed((net) => ({
        ...net,
        architecture: { widths: [64, 0, 10], activation: "relu" },
      }))
      assert.match(yield* refused(flat, "digits"), /an impossible shape .*width/)
    }),
  )

  it.live("other data, other flags and numbers out of range", () =>
    Effect.gen(function* () {
      const file = yield* trained
      assert.match(
        yield* refused(file, "breast-cancer"),
        /it reads different features; give the data, flags and seed of its training/,
      )
      const own = csv(rows)
      const net = yield* saved(own, "--target", "z", "--task", "regression", "--epochs", "1")
      assert.match(
        yield* refused(net, own, "--target", "z", "--task", "regression", "--seed", "9"),
        /its inputs are scaled differently \(it was trained with --seed 1\); give the data/,
      )
      const kinds = csv(rows.map(([x, y], i) => [x!, y!, i % 2]))
      assert.match(yield* refused(net, kinds, "--target", "z"), /a different kind of target/)
      assert.match(yield* refused(file, "digits", "--loss-tolerance", "0"), /--loss-tolerance/)
      assert.match(yield* refused(file, "digits", "--descend", "0"), /--descend/)
      assert.match(
        yield* refused(file, "digits", "--figure", join(own, "spectrum.svg")),
        /cannot be written/,
      )
    }),
  )
})
