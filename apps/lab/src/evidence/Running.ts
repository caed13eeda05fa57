/** Experiments on the computing power of a command, in words where something is said of them. */
import type { Heading } from "@nonconvex/evidence/Experiment"
import * as Table from "../cli/TextTable.ts"

/** How long the paper preset takes, in words; undefined where nobody measured it. */
export const paperTime = ({ paperSeconds }: Heading): string | undefined =>
  paperSeconds === undefined ? undefined : `about ${Table.duration(paperSeconds)} on one thread`
