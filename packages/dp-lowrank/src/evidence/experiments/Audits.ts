/** Experiment E10: what audits show of correct mechanisms and of bad ones. */
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import { Effect, Schema, Stream } from "effect"
import * as Audit from "../../audit/Audit.ts"
import * as AuditSubject from "../../audit/AuditSubject.ts"
import * as Mechanism from "../../noise/Mechanism.ts"
import * as Public from "../../privacy/Public.ts"

const Config = Schema.Struct({
  epsilons: Schema.Array(Schema.Finite.check(Schema.isGreaterThan(0))),
  delta: Schema.Finite,
  samples: Schema.Int.check(Schema.isGreaterThan(999)),
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  mechanism: Schema.String,
  epsilon: Schema.Number,
  shown: Schema.Number,
  exact: Schema.Number,
  isViolation: Schema.Boolean,
  mu: Schema.Number,
  promisedMu: Schema.Number,
})
type Row = typeof Row.Type

const factors = [
  ["correct", 1],
  ["sqrt 2 forgotten", Math.SQRT1_2],
  ["half of the noise", 0.5],
  ["a quarter of the noise", 0.25],
] as const

export const audits = experiment<Config, Row>({
  id: "dp-lowrank/audits",
  title: "Audits of correct and of bad mechanisms",
  source: {
    paper: "this project",
    statement: "distribution-free audit with exact confidence bounds",
    basis: "derived here",
  },
  question: "Which epsilon does an audit show on the worst pair of neighbours?",
  config: Config,
  row: Row,
  presets: {
    smoke: { epsilons: [1], delta: 0.01, samples: 20_000 },
    fast: { epsilons: [1, 3], delta: 0.01, samples: 100_000 },
    paper: { epsilons: [0.5, 1, 2, 3], delta: 0.01, samples: 1_000_000 },
  },
  paperSeconds: 81,
  rows: ({ epsilons }) => factors.length * epsilons.length,
  run: ({ delta, epsilons, samples }, seed) =>
    Stream.fromIterable(
      epsilons.flatMap((epsilon) => factors.map(([name, factor]) => ({ epsilon, name, factor }))),
    ).pipe(
      Stream.mapEffect(
        Effect.fnUntraced(function* ({ epsilon, factor, name }) {
          const promised = Mechanism.isotropic({
            epsilon,
            delta,
            neighbours: "replace",
            bound: Public.bound(1),
          })
          const mechanism = { ...promised, scale: factor * promised.scale }
          const pair = AuditSubject.worstPair(2, "replace", 1)
          const { epsilonLowerBound, mu, verdict } = yield* Audit.run(
            AuditSubject.idealised(pair, mechanism),
            { epsilon, delta, samples, seed: seed.child(`${name} ${epsilon}`) },
          ).pipe(Effect.orDie)
          return {
            mechanism: name,
            epsilon,
            shown: epsilonLowerBound,
            exact: Mechanism.deliveredEpsilon(mechanism),
            isViolation: verdict === "violation",
            mu,
            promisedMu: Mechanism.mu(promised),
          }
        }),
      ),
    ),
  figures: (rows) => [
    Figure.points({
      id: "shown",
      title: "epsilon shown by an audit",
      caption:
        "Correct mechanisms stay below what they promise; the bad ones are shown to be above it.",
      rows,
      x: { field: "exact", title: "exact epsilon", scale: "log" },
      y: { field: "shown", title: "shown epsilon" },
      series: { field: "mechanism", title: "mechanism" },
    }),
  ],
  expectations: (rows) => {
    const wrong = rows.filter((row) => row.isViolation !== (row.mechanism !== "correct"))
    return [
      Expectation.that(
        "violations are found where they are, and nowhere else",
        wrong.length === 0,
        wrong.length === 0
          ? "so"
          : wrong.map((row) => `${row.mechanism} at ${row.epsilon}`).join(", "),
        "so",
      ),
      Expectation.atMost(
        "shown over exact",
        Math.max(...rows.map((row) => row.shown / row.exact)),
        1,
      ),
    ]
  },
})
