/** The schemas of what commands print with --json, by command and then by the name of their file in docs/schemas. */
import { ExperimentResult } from "@nonconvex/evidence/Report"
import { Verdict } from "@nonconvex/evidence/Verdict"
import { Schema } from "effect"
import { Finding } from "../../src/cli/Machine.ts"
import { AuditReport } from "../../src/data/audit/AuditReport.ts"
import { SamplesReport } from "../../src/data/audit/Outputs.ts"
import { CertifyReport } from "../../src/data/certify/CertifyReport.ts"
import { MeasureReport } from "../../src/data/certify/MeasureReport.ts"
import { CheckReport } from "../../src/data/check/CheckHandler.ts"
import { AppliedReport } from "../../src/data/complete/Apply.ts"
import { ColumnsReport } from "../../src/data/complete/ColumnsReport.ts"
import { CompleteReport } from "../../src/data/complete/CompleteReport.ts"
import { RecommendReport } from "../../src/data/complete/RecommendReport.ts"
import { DiagnosedRuns } from "../../src/data/diagnose/DiagnosedRuns.ts"
import { DiagnoseReport } from "../../src/data/diagnose/DiagnoseReport.ts"
import { FlattenReport } from "../../src/data/flatten/FlattenReport.ts"
import { LedgerReport } from "../../src/data/ledger/LedgerReport.ts"
import { PredictReport } from "../../src/data/predict/PredictReport.ts"
import { ReleaseReport } from "../../src/data/release/ReleaseReport.ts"
import { StatisticsReport } from "../../src/data/release/StatisticsReport.ts"
import { ExactReport } from "../../src/data/solve/ExactReport.ts"
import { SolveReport } from "../../src/data/solve/SolveReport.ts"
import { TrainReport } from "../../src/data/train/TrainReport.ts"
import { WorstCaseReport } from "../../src/data/worst-case/WorstCaseHandler.ts"
import { StatementEntry } from "../../src/evidence/StatementEntry.ts"
import { ExperimentEntry } from "../../src/evidence/ExperimentEntry.ts"
import { TermEntry } from "../../src/evidence/handlers/ExplainHandler.ts"
import { Replayed } from "../../src/evidence/handlers/ReplayHandler.ts"
import { Rerun } from "../../src/evidence/handlers/RerunHandler.ts"
import { Listed } from "../../src/evidence/handlers/RunsHandler.ts"
import { Shown } from "../../src/evidence/handlers/ShowHandler.ts"
import { PlannedSweep } from "../../src/evidence/handlers/SweepHandler.ts"
import { Compared } from "../../src/evidence/runs/GroupComparison.ts"
import { Ranking } from "../../src/evidence/runs/Ranking.ts"
import { Checked } from "../../src/evidence/study/CheckStudy.ts"
import { StudyReport } from "../../src/evidence/study/StudyReport.ts"
import { SweepReport } from "../../src/evidence/sweep/SweepReport.ts"
import { SystemEntry } from "../../src/evidence/SystemEntry.ts"
import { Tally } from "../../src/evidence/worker/Messages.ts"

/** What a command prints: one schema, or several by what it was asked. */
export const outputs: Readonly<Record<string, Readonly<Record<string, Schema.Top>>>> = {
  audit: { "audit-1.json": AuditReport, "audit-samples-1.json": SamplesReport },
  best: { "best-1.json": Ranking },
  certify: { "certify-1.json": CertifyReport, "certify-measures-1.json": MeasureReport },
  check: { "check-1.json": CheckReport },
  claims: { "claims-1.json": Schema.Array(StatementEntry) },
  compare: { "compare-1.json": Compared },
  complete: {
    "complete-1.json": CompleteReport,
    "complete-apply-1.json": AppliedReport,
    "complete-columns-1.json": ColumnsReport,
    "complete-lists-1.json": RecommendReport,
  },
  diagnose: { "diagnose-1.json": DiagnoseReport, "diagnose-runs-1.json": DiagnosedRuns },
  doctor: { "doctor-1.json": Schema.Array(Finding) },
  experiments: { "experiments-1.json": Schema.Array(ExperimentEntry) },
  explain: { "explain-1.json": Schema.Array(TermEntry) },
  flatten: { "flatten-1.json": FlattenReport },
  ledger: { "ledger-1.json": LedgerReport },
  predict: { "predict-1.json": PredictReport },
  release: { "release-1.json": ReleaseReport, "release-statistics-1.json": StatisticsReport },
  replay: { "replay-1.json": Replayed },
  rerun: { "rerun-1.json": Rerun },
  run: { "run-1.json": ExperimentResult },
  runs: { "runs-1.json": Listed },
  show: { "show-1.json": Shown },
  solve: { "solve-1.json": SolveReport, "solve-exact-1.json": ExactReport },
  study: {
    "study-1.json": StudyReport,
    "studies-1.json": Schema.Array(StudyReport),
    "study-check-1.json": Checked,
  },
  sweep: { "sweep-1.json": SweepReport, "sweep-plan-1.json": PlannedSweep },
  systems: { "systems-1.json": Schema.Array(SystemEntry) },
  train: { "train-1.json": TrainReport },
  verify: { "verify-1.json": Schema.Array(Verdict) },
  worker: { "worker-1.json": Tally },
  "worst-case": { "worst-case-1.json": WorstCaseReport },
}
