/** Run as a program: measures a loop whose memory is known, and prints what was found as JSON. */
import * as Memory from "../../src/Memory.ts"

export interface Found {
  readonly bytesPerStep: number
  readonly steps: number
  /** How often the first element was raised. */
  readonly sum: number
}

const x = new Float64Array(10)
let copy = x
const hoard: Array<Float64Array> = []
let last = 0

const loops: Readonly<Record<string, (count: number) => void>> = {
  "in place": (count) => {
    for (let t = 0; t < count; t++) {
      for (let i = 0; i < x.length; i++) x[i]! += 1
    }
  },
  "a copy": (count) => {
    for (let t = 0; t < count; t++) copy = copy.slice()
  },
  "an object": (count) => {
    for (let t = 0; t < count; t++) {
      const pair = { left: t, right: last }
      last = pair.left - pair.right
    }
  },
  // a function without a name
  "a copy, renamed": Object.defineProperty(
    (count: number) => {
      for (let t = 0; t < count; t++) copy = copy.slice()
    },
    "name",
    { value: "" },
  ),
}

const [what = "", count = ""] = process.argv.slice(2)
if (what === "kept") {
  // as many arrays as the second time, and let go of: the room of the list itself stays
  for (let k = 0; k < 1000; k++) hoard.push(new Float64Array(100))
  for (let k = 0; k < 1000; k++) hoard[k] = x
  const before = Memory.kept()
  for (let k = 0; k < Number(count); k++) hoard[k] = new Float64Array(100)
  process.stdout.write(JSON.stringify(Memory.kept() - before))
} else if (what === "fails") {
  throw new Error("no steps today")
} else {
  const found = await Memory.allocated(loops[what]!, { first: 100_000, steps: Number(count) })
  process.stdout.write(JSON.stringify({ ...found, sum: x[0]! } satisfies Found))
}
