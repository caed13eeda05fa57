/** The laws that any implementation of label-noise SGD, the flow, the direct solve and the retraction must obey. */
import type { Law } from "@nonconvex/evidence"
import type { Subject } from "../support/Subject.ts"
import { symmetryLaws } from "./DescentSymmetries.ts"
import { directSolveLaws } from "./DirectSolve.ts"
import { permutedData, timeRescaling } from "./PermutedDataAndTime.ts"
import { retraction } from "./Retraction.ts"
import { scalingLaws } from "./Scaling.ts"

/** `law.against(subject)` is a claim about `subject`. */
export const laws: ReadonlyArray<Law<Subject>> = [
  ...symmetryLaws,
  ...scalingLaws,
  permutedData,
  timeRescaling,
  ...directSolveLaws,
  retraction,
]
