/** Packed parts of the page: raw deflate as characters, in one inert script element each. */
import { decode } from "../Base91.ts"
import type { Index, Part, Term } from "../Parts.ts"
import { rowsOf, shared, unpack } from "../Parts.ts"

/** Source of the parts of a served page, which contains none. */
export interface Elsewhere {
  readonly text: (name: string) => Promise<string>
  /** Address of a part that is a script. */
  readonly script: (name: string) => string
}

let elsewhere: Elsewhere | undefined

/** Sets another source for the parts from now on. */
export const comeFrom = (other: Elsewhere): void => {
  elsewhere = other
}

/** Tests whether a server sends the parts; such a server also starts runs. */
export const isServed = (): boolean => elsewhere !== undefined

/** Text of a part. Rejects if the page has no part of this name. */
export const text = async (name: string): Promise<string> => {
  if (elsewhere !== undefined) return elsewhere.text(name)
  const element = document.querySelector(`script[data-part="${CSS.escape(name)}"]`)
  if (element === null) throw new Error(`this page has no part ${name}`)
  const packed = new Blob([decode(element.textContent)]).stream()
  return await new Response(packed.pipeThrough(new DecompressionStream("deflate-raw"))).text()
}

/** Runs a script that is packed as a part. */
export const run = async (name: string): Promise<void> => {
  const script = document.createElement("script")
  if (elsewhere === undefined) {
    script.textContent = await text(name)
    document.head.append(script)
    return
  }
  script.src = elsewhere.script(name)
  document.head.append(script)
  await new Promise((resolve, reject) => {
    script.addEventListener("load", resolve)
    script.addEventListener("error", () => reject(new Error(`${script.src} cannot be loaded`)))
  })
}

/** Starts a worker with a script that is packed as a part. */
export const worker = async (name: string): Promise<Worker> => {
  if (elsewhere !== undefined) return new Worker(elsewhere.script(name))
  const address = URL.createObjectURL(new Blob([await text(name)], { type: "text/javascript" }))
  const started = new Worker(address)
  // the worker keeps what it has begun to load
  URL.revokeObjectURL(address)
  return started
}

/** Result of a packed script in a global variable: run at first use, then cached. */
export const once = <Left>(name: string, left: () => Left | undefined): (() => Promise<Left>) => {
  let running: Promise<Left> | undefined
  return () => (running ??= run(name).then(() => left()!))
}

const parts = new Map<string, Promise<Part>>()

const loosened = (part: Part): Part => {
  const { columns = {}, figures } = part
  if (figures === undefined) return part
  const rows = rowsOf(columns)
  return {
    ...part,
    figures: figures.map((figure) => ({ ...figure, spec: unpack(figure.spec, rows) })),
  }
}

/** A part, unpacked once. */
export const part = (name: string): Promise<Part> => {
  const known = parts.get(name)
  if (known !== undefined) return known
  const unpacked = text(name).then((json) => loosened(JSON.parse(json) as Part))
  parts.set(name, unpacked)
  return unpacked
}

export const contents = async (): Promise<Index> => JSON.parse(await text(shared.index)) as Index

let known: Promise<ReadonlyArray<Term>> | undefined

/** Terms of the glossary, unpacked once; empty for a page without them. */
export const terms = (): Promise<ReadonlyArray<Term>> =>
  (known ??= text(shared.terms).then(
    (json) => JSON.parse(json) as ReadonlyArray<Term>,
    () => [],
  ))
