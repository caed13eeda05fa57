/** The long work of this package on data of the user's own. */
import type { AnyOperation } from "@nonconvex/evidence"
import { predict } from "./Predict.ts"
import { train } from "./Train.ts"

export const operations: ReadonlyArray<AnyOperation> = [train, predict]
