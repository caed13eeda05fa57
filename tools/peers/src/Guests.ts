/** Processor time that other virtual machines take during a measurement. */
import { readFileSync } from "node:fs"

/** Ticks of all processors since the machine started: all, and those in which another guest had the processor. */
export interface Ticks {
  readonly all: number
  readonly taken: number
}

/** The first line of Linux's `/proc/stat`; undefined of another text, and of one without a count of what is taken. */
export const ticksOf = (text: string): Ticks | undefined => {
  const counts = /^cpu +([\d ]+)/.exec(text)?.[1]?.trim().split(" ").map(Number)
  // what guests of this machine take itself, the ninth and tenth, is in the first two
  const [user, nice, system, idle, waiting, hard, soft, taken] = counts ?? []
  if (taken === undefined) return undefined
  return { all: user! + nice! + system! + idle! + waiting! + hard! + soft! + taken, taken }
}

/** Now; undefined where the system does not tell. */
export const now = (file = "/proc/stat"): Ticks | undefined => {
  try {
    return ticksOf(readFileSync(file, "utf8"))
  } catch {
    return undefined
  }
}

/** The part of the processors that was taken between two looks; undefined where one is missing or no time has passed. */
export const taken = (before: Ticks | undefined, after: Ticks | undefined): number | undefined => {
  if (before === undefined || after === undefined || after.all <= before.all) return undefined
  return (after.taken - before.taken) / (after.all - before.all)
}
