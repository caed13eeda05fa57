export {
  type Asked,
  claim,
  type Claim,
  type ClaimDefinition,
  type Described,
  type Law,
  type MarginInput,
  type Trial,
} from "./Claim.ts"
export * as Conformance from "./Conformance.ts"
export * as Draw from "./Draw.ts"
export * as Errata from "./Erratum.ts"
export { erratum, type Erratum } from "./Erratum.ts"
export * as Exact from "./exact/Exact.ts"
export * as Expectation from "./Expectation.ts"
export * as Experiment from "./Experiment.ts"
export type { Preset, Row } from "./Experiment.ts"
export * as Instance from "./Instance.ts"
export type { Given } from "./Given.ts"
export * as Kind from "./Kind.ts"
export * as LogLog from "./LogLog.ts"
export * as Margin from "./Margin.ts"
export * as Paper from "./Paper.ts"
export { ExperimentResult, SystemReport } from "./Report.ts"
export * as Replay from "./Replay.ts"
export { BadReplayToken, StaleReplayToken, UnknownControl } from "./Replay.ts"
export * as Settings from "./Settings.ts"
export { InvalidSetting, UnknownSetting } from "./Settings.ts"
export { Source, statementsOf } from "./Source.ts"
export * as Summary from "./Summary.ts"
export type { System } from "./System.ts"
export * as Verdict from "./Verdict.ts"
export * as Verify from "./Verify.ts"
export * as WorstCases from "./WorstCases.ts"
