// What needs Node.
export { open as openOracle, type Oracle, OracleFailed } from "./Oracle.ts"
export { read as readMlflowRun, runs as mlflowRuns } from "./MlflowDatabase.ts"
export {
  type Format as NetworkFormat,
  type ReadError as NetworkError,
  read as readNetwork,
  type ReadModel,
} from "./Networks.ts"
export { encode as encodeNpz } from "../networks/Npz.ts"
export { encode as encodeSafetensors } from "../networks/Safetensors.ts"
export { Description as NetworkDescription } from "../networks/Description.ts"
export { type Model, tensorsAt } from "../networks/Model.ts"
export * as ArraySamples from "../samples/ArraySamples.ts"
export * as ImageSamples from "../samples/ImageSamples.ts"
export * as Samples from "../samples/Samples.ts"
export * as TableSamples from "../samples/TableSamples.ts"
export { UnfitData } from "../samples/UnfitData.ts"
