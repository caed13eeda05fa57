/** `solve` in this process, on a file of the given text. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { temporary } from "./Folders.ts"
import { nonconvex } from "./InProcess.ts"

export const file = (text: string): string => {
  const path = join(temporary(), "numbers.csv")
  writeFileSync(path, text)
  return path
}

export const game = ",rock,paper,scissors\nrock,0,-1,1\npaper,1,0,-1\nscissors,-1,1,0\n"
export const uneven = "3,-1,2\n-2,4,0.5\n1,1,-3\n"
export const solve = (...args: ReadonlyArray<string>) => nonconvex([], ["solve", ...args])
