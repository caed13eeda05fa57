/** Inputs that once hung, allocated without end, were taken for what they are not, or ended in a bug: recipes of small files. */
import * as Idx from "@nonconvex/datasets/Idx"
import { zipSync } from "fflate"
import { readFileSync } from "node:fs"
import { join } from "node:path"
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

const fixture = (name: string): Uint8Array =>
  readFileSync(
    join(import.meta.dirname, "../../../../packages/datasets/test/fixtures/tables", name),
  )

/** An array of NumPy of bytes, of which a header claims so many. */
const bytesOf = (shape: string, type = "|u1"): Uint8Array => {
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape}), }\n`
  return Buffer.concat([
    Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0),
    Buffer.from(header),
  ])
}

/** An archive whose directory claims gigabytes of its member. */
const bomb = (): Uint8Array => {
  const archive = Buffer.from(zipSync({ "a.npy": Buffer.concat([bytesOf("1024,"), zeros]) }))
  const directory = archive.indexOf(Buffer.from([0x50, 0x4b, 1, 2]))
  archive.writeUInt32LE(0xf0000000, directory + 24)
  return archive
}

/** 64 KiB of nothing. */
const zeros = gzipSync(new Uint8Array(2 ** 16))

export const corpus: ReadonlyArray<Past> = [
  {
    name: "a hundred and fifty million rows in a few hundred bytes of Parquet",
    reader: "Frame.read of Parquet",
    input: () => fixture("many.parquet"),
    says: /it claims 150000000 rows of 1 columns; the limit is 134217728 cells/,
  },
  {
    name: "a thousand million rows in a few hundred bytes of Arrow",
    reader: "Table.read of Arrow",
    input: () => fixture("many.feather"),
    says: /it claims 1000000000 rows of 1 columns/,
  },
  {
    name: "a footer that is longer than its file",
    reader: "Frame.read of Parquet",
    input: () => {
      const whole = Uint8Array.from(fixture("ratings-polars.parquet"))
      whole.set([255, 255, 255, 127], whole.length - 8)
      return whole
    },
    says: /not a complete Parquet file \(parquet metadata length 2147483647/,
  },
  {
    name: "an array of a thousand million elements",
    reader: "Npy.read",
    input: () => bytesOf("1000000000,"),
    says: /its shape 1000000000 has more than 134217728 elements/,
  },
  {
    name: "an array of sizes whose product is beyond all numbers",
    reader: "Npy.read",
    input: () => bytesOf("9999999999999999, 9999999999999999"),
    says: /has more than 134217728 elements/,
  },
  {
    name: "an array whose header is code",
    reader: "Npy.read",
    input: () => bytesOf("1,) or __import__('os').getcwd() or ("),
    says: /its header does not have the format of NumPy/,
  },
  {
    name: "arrays that unpack to more than memory has",
    reader: "Npz.read",
    input: bomb,
    says: /its \d+ bytes unpack to more than 268435456/,
  },
  {
    name: "an array that is named as a path",
    reader: "Npz.read",
    input: () => zipSync({ "../x.npy": bytesOf("0,") }),
    says: /member "\.\.\/x\.npy": its name leads out of the folder/,
  },
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
    says: /spec\.data\.url is not allowed in a figure/,
  },
  {
    name: "a figure that is a link to code",
    reader: "Report.read",
    input: () =>
      figure({ spec: { ...spec, mark: { type: "point", href: "javascript:alert(1)" } } }),
    says: /spec\.mark\.href is not allowed/,
  },
  {
    name: "a figure that makes rows without end",
    reader: "Report.read",
    input: () => figure({ spec: { ...spec, data: { sequence: { start: 0, stop: 1e12 } } } }),
    says: /spec\.data\.sequence is not allowed/,
  },
  {
    name: "lists within lists in results",
    reader: "Report.read",
    input: () => `{"format":1,"systems":${deep(100_000)}}`,
    says: /more than 64 nested lists and objects/,
  },
  {
    name: "a field that objects inherit",
    reader: "Report.read",
    input: () => `{"__proto__":{"format":1}}`,
    says: /has a field named __proto__/,
  },
  {
    name: "a network of more parameters than memory has",
    reader: "TrainedNetwork.read",
    input: () => shaped([3, 46_341, 46_341, 2]),
    says: /a number of parameters that does not match its widths/,
  },
  {
    name: "a network of a layer without end",
    reader: "TrainedNetwork.read",
    input: () => shaped([3, 1_000_000_000, 2]),
    says: /an impossible shape \(a width of 1000000000\)/,
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
    says: /is not a sweep \(x{500}\.\.\.\)/,
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
    says: /seeds: 0 is given twice/,
  },
  {
    name: "images that are none, of sides without end",
    reader: "Idx",
    input: () => Idx.encode({ sizes: [0, 2 ** 31, 2 ** 31], data: new Uint8Array() }),
    says: /it is empty: its sizes are 0 x 2147483648 x 2147483648/,
  },
  {
    name: "images without height",
    reader: "Idx",
    input: () => Idx.encode({ sizes: [3, 0, 4], data: new Uint8Array(12) }),
    says: /it is empty: its sizes are 3 x 0 x 4/,
  },
  {
    name: "images that unpack without end",
    reader: "Idx",
    // a gzip file may be many, one after another
    input: () => Buffer.concat(Array.from({ length: 4097 }, () => zeros)),
    says: /not a complete gzip file \(Cannot create a Buffer larger than 268435456 bytes/,
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
    says: /no column of losses; the header has .* and 99988 more/,
  },
  {
    name: "a word of kilobytes among triplets",
    reader: "EntriesFile.read",
    input: () => `a,b,\n1,2.5,${"x".repeat(5000)}\n4,5e-3,1\n`,
    says: /row 2, column "column 3": "x{40}\.\.\." is not a number/,
  },
]
