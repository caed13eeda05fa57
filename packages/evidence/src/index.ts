export {
  claim,
  type Claim,
  type ClaimDefinition,
  type Described,
  type Law,
  type MarginInput,
} from "./Claim.ts"
export * as Draw from "./Draw.ts"
export { erratum, type Erratum } from "./Erratum.ts"
export * as Exact from "./exact/Exact.ts"
export * as Expectation from "./Expectation.ts"
export * as Experiment from "./Experiment.ts"
export type { Preset, Row } from "./Experiment.ts"
export type { Given } from "./Given.ts"
export * as Kind from "./Kind.ts"
export * as Margin from "./Margin.ts"
export { ExperimentResult, SystemReport } from "./Report.ts"
export { BadReplayToken, StaleReplayToken, UnknownControl } from "./Replay.ts"
export { InvalidSetting, UnknownSetting } from "./Settings.ts"
export { Source, statementsOf } from "./Source.ts"
export type { System } from "./System.ts"
export { type WorstCaseBound, worstCaseTable } from "./WorstCases.ts"
