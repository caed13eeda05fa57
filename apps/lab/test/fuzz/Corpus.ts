/** Inputs that once hung, allocated without end, were taken for what they are not, or ended in a bug: recipes of small files. */
import * as Idx from "@nonconvex/datasets/Idx"
import { gzipSync } from "node:zlib"
import { network, results } from "./Documents.ts"

interface Past {
  readonly name: string
  readonly reader: string
  readonly input: () => string | Uint8Array
  readonly says: RegExp
}

/** Results in which the first figure is another. */
const figure = (change: object): string => {
  const [system] = results.systems
  const [experiment] = system!.experiments
  const [first] = experiment!.figures
  const figures = [{ ...first, ...change }]
  return JSON.stringify({
    ...results,
    systems: [{ ...system, experiments: [{ ...experiment, figures }] }],
  })
}

const spec = results.systems[0]!.experiments[0]!.figures[0]!.spec

const shaped = (widths: ReadonlyArray<number>): string =>
  JSON.stringify({ ...network, architecture: { widths, activation: "relu" } })

const deep = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`

/** 64 KiB of nothing. */
const zeros = gzipSync(new Uint8Array(2 ** 16))

export const corpus: ReadonlyArray<Past> = [
  {
    name: "a figure that is named as a path",
    reader: "Report.read",
    input: () => figure({ id: "x/../../../elsewhere/escaped" }),
    says: /figures\[0\]\.id: expected a string matching/,
  },
  {
    name: "a figure that reads a file",
    reader: "Report.read",
    input: () => figure({ spec: { ...spec, data: { url: "file:///etc/passwd" } } }),
    says: /spec\.data\.url is nothing that a figure may say/,
  },
  {
    name: "a figure that is a link to code",
    reader: "Report.read",
    input: () =>
      figure({ spec: { ...spec, mark: { type: "point", href: "javascript:alert(1)" } } }),
    says: /spec\.mark\.href is nothing/,
  },
  {
    name: "a figure that makes rows without end",
    reader: "Report.read",
    input: () => figure({ spec: { ...spec, data: { sequence: { start: 0, stop: 1e12 } } } }),
    says: /spec\.data\.sequence is nothing/,
  },
  {
    name: "lists within lists in results",
    reader: "Report.read",
    input: () => `{"format":1,"systems":${deep(100_000)}}`,
    says: /more than 64 lists and objects within each other/,
  },
  {
    name: "a field that objects inherit",
    reader: "Report.read",
    input: () => `{"__proto__":{"format":1}}`,
    says: /names a field __proto__/,
  },
  {
    name: "a network of more parameters than memory has",
    reader: "TrainedNetwork.read",
    input: () => shaped([3, 46_341, 46_341, 2]),
    says: /another number of parameters than its widths need/,
  },
  {
    name: "a network of a layer without end",
    reader: "TrainedNetwork.read",
    input: () => shaped([3, 1_000_000_000, 2]),
    says: /no possible shape \(a width of 1000000000\)/,
  },
  {
    name: "a network of very many layers",
    reader: "TrainedNetwork.read",
    input: () => shaped(Array.from({ length: 200_000 }, () => 3)),
    says: /architecture\.widths: expected/,
  },
  {
    name: "a message as long as what it is about",
    reader: "Asked.draft",
    input: () => JSON.stringify({ experiment: "toy/dice", ["x".repeat(5000)]: 1 }),
    says: /is no sweep \(x{500}\.\.\.\)/,
  },
  {
    name: "a setting that objects have anyway",
    reader: "Asked.draft",
    input: () =>
      JSON.stringify({ experiment: "toy/dice", set: { toString: 1 }, vary: { toString: [1] } }),
    says: /toString is both fixed and varied/,
  },
  {
    name: "very many seeds one by one, and one of them twice",
    reader: "Asked.draft",
    input: () => {
      const seeds = Array.from({ length: 300_000 }, (_, k) => 2 * k)
      return JSON.stringify({ experiment: "toy/dice", seeds: [...seeds, 0].join() })
    },
    says: /seeds: 0 is there twice/,
  },
  {
    name: "images that are none, of sides without end",
    reader: "Idx",
    input: () => Idx.encode({ sizes: [0, 2 ** 31, 2 ** 31], data: new Uint8Array() }),
    says: /nothing is in it: its sizes are 0 x 2147483648 x 2147483648/,
  },
  {
    name: "images without height",
    reader: "Idx",
    input: () => Idx.encode({ sizes: [3, 0, 4], data: new Uint8Array(12) }),
    says: /nothing is in it: its sizes are 3 x 0 x 4/,
  },
  {
    name: "images that unpack without end",
    reader: "Idx",
    // a gzip file may be many, one after another
    input: () => Buffer.concat(Array.from({ length: 4097 }, () => zeros)),
    says: /not a whole gzip file \(Cannot create a Buffer larger than 268435456 bytes/,
  },
  {
    name: "a header of one name, very many times",
    reader: "Frame.read",
    input: () => `${"a,".repeat(100_000)}a\n${"1,".repeat(100_000)}1\n`,
    says: /columns 1 and 2 are both named "a"/,
  },
  {
    name: "a log of very many columns, none of which is a loss",
    reader: "LossLog.read",
    input: () => `${Array.from({ length: 100_000 }, (_, j) => `c${j}`).join()}\n`,
    says: /no column "step"; the header has .* and 99988 more/,
  },
  {
    name: "a word of kilobytes among triplets",
    reader: "CompleteInput.read",
    input: () => `a,b,\n1,2.5,${"x".repeat(5000)}\n4,5e-3,1\n`,
    says: /row 2, column "column 3": "x{40}\.\.\." is not a number/,
  },
]
