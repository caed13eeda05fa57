/** Experiments on the computing power of a command, in words where something is said of them. */
import type { Experiment } from "@nonconvex/evidence/Experiment"
import * as Table from "../cli/TextTable.ts"

/** Duration of the paper preset in words; undefined where it was never measured. */
export const paperTime = ({ paperSeconds }: Pick<Experiment, "paperSeconds">): string | undefined =>
  paperSeconds === undefined ? undefined : `about ${Table.duration(paperSeconds)} on one thread`
