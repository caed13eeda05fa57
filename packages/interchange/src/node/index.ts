// What needs Node.
export * as ForeignNetwork from "./ForeignNetwork.ts"
export { open as openOracle, type Oracle, OracleFailed } from "./Oracle.ts"
export {
  type Format as NetworkFormat,
  type ReadError as NetworkError,
  read as readNetwork,
  type ReadModel,
} from "./Networks.ts"
export { encode as encodeNpz } from "../networks/Npz.ts"
export { Description as NetworkDescription } from "../networks/Description.ts"
export type { Model } from "../networks/Model.ts"
export * as ArraySamples from "../samples/ArraySamples.ts"
export * as ImageSamples from "../samples/ImageSamples.ts"
export { UnfitData } from "../samples/UnfitData.ts"
