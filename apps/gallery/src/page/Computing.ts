/** Code for computing in the page, unpacked at the first use: toys and claims. It is as large as the rest of the page. */
import { play as name } from "../Parts.ts"
import type { Toy } from "../play/Toy.ts"
import type { Recording } from "../replay/Recording.ts"
import { once } from "./Packed.ts"

export interface Computing {
  readonly toys: ReadonlyArray<Toy>
  readonly replay: (token: string) => Recording
}

declare global {
  // a script tells others what it has by a name that all of them see
  // oxlint-disable-next-line no-var
  var nonconvexComputing: Computing | undefined
}

export const computing = once(name, () => globalThis.nonconvexComputing)
