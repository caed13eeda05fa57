/** Experiments on the computing power of a command, with progress messages. */
import type { Experiment } from "@nonconvex/evidence/Experiment"
import * as Table from "../cli/TextTable.ts"

/** Duration of the paper preset in words; undefined if never measured. */
export const paperTime = ({ paperSeconds }: Pick<Experiment, "paperSeconds">): string | undefined =>
  paperSeconds === undefined ? undefined : `about ${Table.duration(paperSeconds)} on one thread`
