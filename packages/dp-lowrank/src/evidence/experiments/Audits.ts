/** Audits of correct mechanisms and of faulty ones. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import { Positive } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import * as Audit from "../../audit/Audit.ts"
import * as AuditSubject from "../../audit/AuditSubject.ts"
import * as Deviations from "../../noise/Deviations.ts"
import * as Mechanism from "../../noise/GaussianMechanism.ts"
import * as Public from "../../privacy/Public.ts"
import { ours } from "../support/Paper.ts"

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

/** Parts of the noise that are drawn. */
const parts = [
  ["correct", 1],
  ["sqrt 2 forgotten", Math.SQRT1_2],
  ["half of the noise", 0.5],
  ["a quarter of the noise", 0.25],
] as const

export const audits = Experiment.table({
  id: "dp-lowrank/audits",
  title: "Audits of correct and of faulty mechanisms",
  source: ours("distribution-free audit with exact confidence bounds"),
  question: "Which lower bound on epsilon does an audit find on the worst pair of neighbours?",
  paperScale:
    "The paper has no such experiment: its only figure shows one path of 6 eigenvalues, real and complex.",
  config: Schema.Struct({
    epsilons: Schema.Array(Positive),
    delta: Schema.Finite,
    samples: Schema.Int.check(Schema.isGreaterThan(999)),
  }),
  columns: Row,
  presets: {
    smoke: { epsilons: [1], delta: 0.01, samples: 20_000 },
    fast: { epsilons: [1, 3], delta: 0.01, samples: 100_000 },
    paper: { epsilons: [0.5, 1, 2, 3], delta: 0.01, samples: 1_000_000 },
  },
  paperSeconds: 81,
  cases: ({ epsilons }) =>
    epsilons.flatMap((epsilon) => parts.map(([name, noise]) => ({ epsilon, name, noise }))),
  row: ({ epsilon, name, noise }, { config: { delta, samples }, kernels, seed }) => {
    const bound = Public.bound(1)
    const promised = Mechanism.isotropic({ epsilon, delta, neighbours: "replace", bound })
    const pair = AuditSubject.worstPair(2, "replace", 1)
    const { epsilonLowerBound, mu, verdict } = Audit.audit(
      AuditSubject.idealised(pair, promised, { kernels, noise }),
      { epsilon, delta, samples, seed: seed.child(`${name} ${epsilon}`) },
    )
    return {
      mechanism: name,
      epsilon,
      shown: epsilonLowerBound,
      exact: Mechanism.deliveredEpsilon({ ...promised, scale: noise * promised.scale }),
      isViolation: verdict === "violation",
      mu,
      promisedMu: Deviations.mu(promised),
    }
  },
  figures: (rows) => {
    const inParts = rows.map(({ epsilon, exact, mechanism, shown }) => ({
      mechanism,
      exactPart: exact / epsilon,
      shownPart: shown / epsilon,
    }))
    return [
      Figure.points({
        id: "shown",
        title: "epsilon shown by an audit",
        conclusion:
          'Correct mechanisms stay below "as promised" and the faulty ones are detected above it. No audit exceeds the exact epsilon, the diagonal "as it is".',
        caption: `Relative to the promised epsilon (${Summary.distinct(rows.map(({ epsilon }) => epsilon)).join(", ")}).`,
        rows: inParts,
        x: { field: "exactPart", title: "exact epsilon / promised", scale: "log" },
        y: { field: "shownPart", title: "shown epsilon / promised", scale: "log", floor: 0.01 },
        series: { field: "mechanism", title: "mechanism" },
        references: [
          Figure.diagonal(
            "as it is",
            inParts.map(({ exactPart }) => exactPart),
          ),
          Figure.level("as promised", 1),
        ],
      }),
    ]
  },
  expectations: (rows) => {
    const isCorrect = ({ mechanism }: Row) => mechanism === "correct"
    const [correct, bad] = [rows.filter(isCorrect), rows.filter((row) => !isCorrect(row))]
    const verdicts = (some: ReadonlyArray<Row>) =>
      `${some.filter(({ isViolation }) => isViolation).length} of ${some.length}`
    const promised = (epsilon: number) => correct.find((row) => row.epsilon === epsilon)?.exact
    return [
      Expectation.every(
        "number of violations found in correct mechanisms",
        correct,
        ({ isViolation }) => !isViolation,
        verdicts,
        "none",
        { control: "mechanisms with less noise", observed: bad },
      ),
      Expectation.every(
        "share of mechanisms with less noise in which a violation is found",
        bad,
        ({ isViolation }) => isViolation,
        verdicts,
        "all",
        { control: "correct mechanisms", observed: correct },
      ),
      Expectation.atMost(
        "lower bound / exact epsilon",
        rows.map(({ exact, shown }) => shown / exact),
        1,
        {
          control: "lower bounds of mechanisms with less noise / exact epsilon of correct ones",
          observed: bad.map(({ epsilon, shown }) => shown / (promised(epsilon) ?? Number.NaN)),
        },
      ),
    ]
  },
})
