import { render } from "preact"
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks"
import { type Entry, type Index, type Part, rowsOf, type Term } from "../Parts.ts"
import { isStatement } from "./Statement.ts"
import type { Address } from "./Address.ts"
import { Claims } from "./Claims.tsx"
import { markupOf } from "../prose/Prose.ts"
import { marked } from "../prose/Terms.ts"
import { FigureView } from "./FigureView.tsx"
import { Measured } from "./Measured.tsx"
import * as Packed from "./Packed.ts"
import { PlacedToy } from "./PlacedToy.tsx"
import { Rows } from "./Rows.tsx"

/** Figure of another part, unpacked when the page shows it. */
const FigureOf = ({
  id,
  of,
  query,
}: {
  readonly id: string
  readonly of: string
  readonly query: Address["query"]
}) => {
  const [part, setPart] = useState<Part>()
  useEffect(() => {
    void Packed.part(of).then(setPart)
  }, [of])
  const rows = useMemo(() => rowsOf(part?.columns ?? {}), [part])
  const figure = part?.figures?.find((each) => each.id === id)
  return figure === undefined ? null : (
    <FigureView figure={figure} name={of.replaceAll("/", "-")} query={query} rows={rows} />
  )
}

/** Way to run an experiment with other settings: a form if a server can run it, otherwise a command. */
const Again = ({ id }: { readonly id: string }) =>
  Packed.isServed() ? (
    <a href={`#start/${id}`}>Run it with other settings</a>
  ) : (
    <>
      Run it with other settings: <code class="copy">{`nonconvex open`}</code> or{" "}
      <code class="copy">{`nonconvex run ${id} --set`}</code>
    </>
  )

/** Fills the placeholders in the markup of a part: figures, rows, statements and margins of claims, and their list. */
const fill = (
  host: HTMLElement,
  { columns = {}, figures = [], measured = {} }: Part,
  rows: ReturnType<typeof rowsOf>,
  { entries }: Index,
  { path, query }: Address,
  mark: (markup: string) => string,
): void => {
  const name = path.replaceAll("/", "-")
  for (const place of host.querySelectorAll<HTMLElement>("[data-figure]")) {
    const { figure: id, of } = place.dataset
    if (id !== undefined && of !== undefined) {
      render(<FigureOf id={id} of={of} query={query} />, place)
      continue
    }
    const figure = figures.find((each) => each.id === id)
    if (figure !== undefined) {
      render(<FigureView figure={figure} name={name} query={query} rows={rows} />, place)
    }
  }
  for (const place of host.querySelectorAll<HTMLElement>("[data-toy]")) {
    if (!place.classList.contains("live")) {
      place.replaceChildren()
      place.classList.add("live")
    }
    render(<PlacedToy id={place.dataset["toy"]!} query={query} />, place)
  }
  for (const place of host.querySelectorAll<HTMLElement>("[data-again]")) {
    render(<Again id={place.dataset["again"]!} />, place)
  }
  for (const place of host.querySelectorAll<HTMLElement>("[data-rows]")) {
    if (Object.keys(columns).length > 0) render(<Rows name={name} rows={rows} />, place)
  }
  for (const place of host.querySelectorAll<HTMLElement>("[data-claims]")) {
    const own = entries.filter((each) => isStatement(each) && each.system === path)
    render(<Claims entries={own} query={query} />, place)
  }
  for (const place of host.querySelectorAll<HTMLElement>("[data-statement]")) {
    const entry = entries.find(({ address }) => address === place.dataset["statement"])
    if (entry !== undefined && place.childElementCount === 0) {
      place.innerHTML = `<span>${mark(markupOf(entry.text))}</span>`
    }
  }
  for (const place of host.querySelectorAll<HTMLElement>("[data-measured]")) {
    const of = measured[path]
    if (of !== undefined) render(<Measured of={of} />, place)
  }
}

/** Selector of the placeholders. */
const places = "[data-figure],[data-rows],[data-claims],[data-measured],[data-toy],[data-again]"

/** View of the part at an address. */
export const PartView = ({
  address,
  entry,
  index,
}: {
  readonly address: Address
  readonly entry: Entry
  readonly index: Index
}) => {
  const [part, setPart] = useState<Part>()
  const [terms, setTerms] = useState<ReadonlyArray<Term>>()
  const [fault, setFault] = useState("")
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => {
    Packed.part(entry.part).then(setPart, (cause: unknown) => setFault(String(cause)))
  }, [entry.part])
  useEffect(() => {
    void Packed.terms().then((all) =>
      setTerms(all.filter(({ system }) => system === entry.system || system === "evidence")),
    )
  }, [entry.system])
  const rows = useMemo(() => rowsOf(part?.columns ?? {}), [part])
  const markup = part?.markup[entry.address]
  useLayoutEffect(() => {
    if (markup === undefined || terms === undefined || host.current === null) return
    const seen = new Set<string>()
    const mark = (text: string) => (entry.kind === "list" ? text : marked(text, terms, seen))
    // what was there has its places filled: it is laid anew for another address alone
    if (host.current.dataset["address"] !== entry.address) {
      for (const place of host.current.querySelectorAll(places)) render(null, place)
      host.current.innerHTML = mark(markup)
      host.current.dataset["address"] = entry.address
    }
    fill(host.current, part!, rows, index, address, mark)
  }, [markup, terms, address])
  if (fault !== "") return <p class="callout">{fault}</p>
  // what stood at another address is not in the way while this one is unpacked
  return <div ref={host} hidden={markup === undefined || terms === undefined} />
}
