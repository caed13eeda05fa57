import type fc from "fast-check"
import type { Compared } from "./exact/Confirmation.ts"
import type { Given } from "./Given.ts"
import type { Comparison } from "./Margin.ts"
import type { Recorder } from "./Recorder.ts"

/** A trial of one search: the instances that it draws, and how far each is from violating the statement. */
export interface Trial<Instance extends object> {
  readonly instances: fc.Arbitrary<Instance>
  /** A pure function of the instance, the kernels and the data; a replay adds the recorder of the subject. */
  readonly margin: (asked: Asked<Instance>) => Comparison
  readonly exactly?: (asked: Asked<Instance>) => Compared
}

/** Inputs of a trial: an instance, the kernels and data, and the recorder of a replay. */
export interface Asked<Instance extends object> extends Given {
  readonly instance: Instance
  /** Absent in a search. */
  readonly recorder?: Recorder
}
