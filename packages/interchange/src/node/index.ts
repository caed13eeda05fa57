// What needs Node.
export * as ForeignNetwork from "./ForeignNetwork.ts"
export * as ChildProgram from "./ChildProgram.ts"
export { open as openOracle, type Oracle } from "./Oracle.ts"
export { wordsOf } from "../oracle/CommandLine.ts"
export * as MetricRows from "../logs/MetricRows.ts"
export {
  type Format as NetworkFormat,
  type ReadError as NetworkError,
  read as readNetwork,
  type ReadModel,
} from "./Networks.ts"
export { encode as encodeNpz } from "../networks/Npz.ts"
export { Description as NetworkDescription } from "../networks/Description.ts"
export type { Model } from "../networks/Model.ts"
export { read as samplesOfArrays } from "../samples/ArraySamples.ts"
export { ofIdx as samplesOfIdx, readPicture } from "../samples/ImageSamples.ts"
export { endsInSigmoid } from "../samples/Samples.ts"
export { UnfitData } from "../samples/UnfitData.ts"
