/** Laws for any implementation of label-noise SGD, the flow, the direct solve and the retraction. */
import type { Law } from "@nonconvex/evidence"
import type { Subject } from "../support/Subject.ts"
import { conventions } from "./Conventions.ts"
import { directSolveForgetsItsStart } from "./DirectSolveForgetsItsStart.ts"
import { directSolveOfReplicas } from "./DirectSolveOfReplicas.ts"
import { directSolveOfRotatedData } from "./DirectSolveOfRotatedData.ts"
import { doubledNeurons } from "./DoubledNeurons.ts"
import { frozenComplement } from "./FrozenComplement.ts"
import { largerActivation } from "./LargerActivation.ts"
import { largerData } from "./LargerData.ts"
import { negatedNetwork } from "./NegatedNetwork.ts"
import { permutedData } from "./PermutedData.ts"
import { permutedNeurons } from "./PermutedNeurons.ts"
import { retraction } from "./Retraction.ts"
import { rotatedData } from "./RotatedData.ts"
import { timeRescaling } from "./TimeRescaling.ts"

/** `law.against(subject)` is a claim about `subject`. */
export const laws: ReadonlyArray<Law<Subject>> = [
  permutedNeurons,
  rotatedData,
  frozenComplement,
  conventions,
  negatedNetwork,
  largerData,
  largerActivation,
  doubledNeurons,
  permutedData,
  timeRescaling,
  directSolveOfReplicas,
  directSolveOfRotatedData,
  directSolveForgetsItsStart,
  retraction,
]
