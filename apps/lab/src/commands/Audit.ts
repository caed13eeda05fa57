import { Audit, Mechanism, Public, unsafePerturb } from "@nonconvex/dp-lowrank"
import { InvalidInput, Kernels, Seam, Seed } from "@nonconvex/numerics"
import { Console, Effect, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import * as AuditReport from "../audit/AuditReport.ts"
import * as Flags from "../Flags.ts"
import * as Output from "../Output.ts"
import { track } from "../Progress.ts"
import * as ReleaseFlags from "../release/ReleaseFlags.ts"

const Positive = Schema.Finite.check(Schema.isGreaterThan(0))

const between = (
  name: string,
  description: string,
  range: { readonly minimum: number; readonly maximum: number },
) =>
  Flag.Int(name).pipe(
    Flag.withDescription(description),
    Flag.withSchema(Schema.Int.check(Schema.isBetween(range))),
  )

/** The pair of neighbours that is furthest apart, as scatter matrices of one row: e_1 e_1^T against e_2 e_2^T, or against nothing. */
const worstPair = (dimension: number, neighbours: "replace" | "add-remove") => {
  const first = new Float64Array(dimension * dimension)
  const second = new Float64Array(dimension * dimension)
  first[0] = 1
  if (neighbours === "replace") second[dimension + 1] = 1
  return { first, second, difference: second.map((x, i) => x - first[i]!) }
}

export const audit = Command.make(
  "audit",
  {
    mechanism: ReleaseFlags.mechanism("The noise to audit"),
    neighbours: ReleaseFlags.neighbours,
    epsilon: ReleaseFlags.epsilon,
    delta: ReleaseFlags.delta.pipe(Flag.withDefault(0.01)),
    noise: Flag.Finite("noise").pipe(
      Flag.withDescription("Multiply the noise by this: 0.5 is a known-bad mechanism"),
      Flag.withSchema(Positive),
      Flag.withDefault(1),
    ),
    dimension: between("dimension", "Columns of the data; 2 or more", {
      minimum: 2,
      maximum: 1000,
    }).pipe(Flag.withDefault(3)),
    samples: between("samples", "Runs of the mechanism on each of the two inputs", {
      minimum: 100,
      maximum: 100_000_000,
    }).pipe(Flag.withDefault(200_000)),
    confidence: Flag.Finite("confidence").pipe(
      Flag.withDescription("Probability that a private mechanism passes"),
      Flag.withDefault(0.999),
    ),
    seed: Flags.seed,
    json: Flags.json,
  },
  Effect.fn(function* (input) {
    const { confidence, delta, dimension, epsilon, json, neighbours, noise, samples } = input
    const target = { epsilon, delta }
    const promised = yield* Seam.attempt([InvalidInput], () =>
      Mechanism.byName[input.mechanism]({ ...target, neighbours, bound: Public.bound(1) }),
    )
    const mechanism = { ...promised, scale: noise * promised.scale }
    const mu = Mechanism.mu(promised)
    const requiredSamples = yield* Seam.attempt([InvalidInput], () =>
      Audit.requiredSamples(Math.SQRT2 * mu, target, confidence),
    )
    const { difference, first, second } = worstPair(dimension, neighbours)
    const kernels = Kernels.strict()
    const found = yield* track(
      { label: "audit", total: 2 * samples, unit: "samples" },
      ({ done }) =>
        Audit.run(
          {
            mechanism: (matrix: Float64Array, stream) =>
              unsafePerturb(matrix, dimension, mechanism, stream, kernels).matrix,
            pair: [first, second],
            statistic: Audit.along(difference),
          },
          { ...target, samples, confidence, seed: Seed.root(input.seed).child("audit") },
          done,
        ),
    )
    const report: AuditReport.AuditReport = {
      mechanism: promised.name,
      neighbours,
      epsilon,
      delta,
      noise,
      confidence,
      ...found,
      promisedMu: mu,
      agrees: Audit.agrees(found, mu),
      deliveredEpsilon: yield* Seam.attempt([InvalidInput], () =>
        Mechanism.deliveredEpsilon(mechanism),
      ),
      requiredSamples,
    }
    yield* json
      ? Output.json(AuditReport.AuditReport, report)
      : Console.log(AuditReport.render(report))
    if (report.verdict === "violation") {
      return yield* new AuditReport.NotPrivate({
        mechanism: report.mechanism,
        epsilon,
        shown: report.epsilonLowerBound,
      })
    }
  }),
).pipe(
  Command.withDescription(
    "Audit a mechanism: run it on the worst pair of neighbours, bound its epsilon from below without trusting its noise, compare its mu with the promised one, and say how many samples would find a forgotten factor of sqrt 2. Audit at delta 0.01: at a cryptographic delta audits are blind. Exit code 2 where the mechanism is shown not to be private.",
  ),
  Command.withShortDescription("Test a mechanism for the privacy that it promises"),
  Command.withExamples([
    {
      command: "nonconvex audit --epsilon 1 --neighbours replace",
      description: "The default mechanism, which passes",
    },
    {
      command: "nonconvex audit --epsilon 1 --neighbours replace --noise 0.5",
      description: "Half of its noise, which does not",
    },
  ]),
)
