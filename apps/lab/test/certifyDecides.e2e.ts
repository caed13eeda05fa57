/** Certificates of networks of several shapes, where their training ended and at the minimum below. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { CertifyReport } from "../src/data/certify/CertifyReport.ts"
import { nonconvex } from "./support/InProcess.ts"
import { saved } from "./support/Saved.ts"

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.toCodecJson(CertifyReport)))

describe("certify", () => {
  it.live.each([
    ["breast-cancer", "tanh", "8"],
    ["breast-cancer", "relu", "8,8"],
    ["diabetes", "softplus", "16"],
    ["diabetes", "relu", "40"],
    ["digits", "sigmoid", "6"],
    ["digits", "identity", "none"],
  ])("decides on %s with %s %s, where training ended and at the minimum below", (shape) => {
    const [data = "", activation = "", hidden = ""] = shape
    return Effect.gen(function* () {
      const flags = ["--activation", activation, "--hidden", hidden, "--epochs", "15"]
      const file = yield* saved(data, ...flags)
      for (const descend of [[], ["--descend", "20000"]]) {
        const command = ["certify", file, data, "--json", "--quiet", ...descend]
        const { code, stderr, stdout } = yield* nonconvex([], command)
        if (code !== 0) {
          // a long narrow valley takes more, and it is said
          assert.match(stderr, /in 20000 gradients; the loss fell to .* and was still falling/)
          continue
        }
        const { certificate, descent } = yield* decode(stdout)
        assert.notStrictEqual(certificate.verdict, "undetermined", certificate.because)
        for (const { estimate, standardError } of [certificate.trace, certificate.residual]) {
          assert.isTrue(Number.isFinite(estimate) && Number.isFinite(standardError))
        }
        assert.isAtMost(
          certificate.topEigenvalueResidual,
          // where the network meets its targets all curvature is rounding
          1e-3 * certificate.topEigenvalue + 1e-12,
        )
        if (descent === undefined || descent.end === "kink") continue
        assert.strictEqual(descent.end, "minimum")
        assert.isAtMost(certificate.gradientNorm, 1e-6)
      }
    })
  })
})
