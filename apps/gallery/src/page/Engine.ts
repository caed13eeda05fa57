/** Engine that draws figures: as large as the rest of the page, and unpacked when the first figure comes into view. */
import type { parse, View } from "vega"
import type { expressionInterpreter } from "vega-interpreter"
import type { compile } from "vega-lite"
import { shared } from "../Parts.ts"
import { once } from "./Packed.ts"

export interface Engine {
  readonly View: typeof View
  readonly parse: typeof parse
  readonly compile: typeof compile
  /** Evaluates expressions from their syntax trees, because a served page forbids turning text into code. */
  readonly interpreter: typeof expressionInterpreter
}

declare global {
  // a script tells others what it has by a name that all of them see
  // oxlint-disable-next-line no-var
  var nonconvexEngine: Engine | undefined
}

export const engine = once(shared.engine, () => globalThis.nonconvexEngine)
