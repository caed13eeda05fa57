/** What `npm run bits` compares: one run for each engine, kernels and number of jobs. */

/** Node by its version on npm, or the browser. */
export type Engine = { readonly node: string } | "Chromium"

export interface Run {
  readonly engine: Engine
  readonly kernels: "strict" | "reference"
  /** Threads; a browser has one. */
  readonly jobs: number
}

/** The oldest that is supported, the one between, and that of the project. */
const nodes = ["20.20.2", "22.23.3", "24.21.0"] as const

const [oldest, middle] = nodes

/** The one that runs the sources; the others run what is compiled of them. */
export const newest = nodes[2]

/** What all others are compared with. */
export const first: Run = { engine: { node: newest }, kernels: "strict", jobs: 2 }

/** Each engine, both kernels and each number of jobs; the slowest kernels on the most threads. */
export const each: ReadonlyArray<Run> = [
  { engine: { node: newest }, kernels: "reference", jobs: 4 },
  { engine: { node: middle }, kernels: "strict", jobs: 1 },
  { engine: { node: oldest }, kernels: "strict", jobs: 2 },
  { engine: "Chromium", kernels: "strict", jobs: 1 },
]

/** Every engine with both kernels on every number of jobs. */
export const all: ReadonlyArray<Run> = (["strict", "reference"] as const).flatMap((kernels) => [
  ...nodes.flatMap((node) =>
    [1, 2, 4]
      .filter((jobs) => kernels !== first.kernels || node !== newest || jobs !== first.jobs)
      .map((jobs): Run => ({ engine: { node }, kernels, jobs })),
  ),
  { engine: "Chromium" as const, kernels, jobs: 1 },
])

/** `Node 22, strict kernels, 4 jobs`. */
export const nameOf = ({ engine, jobs, kernels }: Run): string =>
  engine === "Chromium"
    ? `Chromium, ${kernels} kernels`
    : `Node ${engine.node.split(".")[0]}, ${kernels} kernels, ${jobs} job${jobs === 1 ? "" : "s"}`
