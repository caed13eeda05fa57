import { render } from "preact"
import { useEffect, useRef, useState } from "preact/hooks"
import { hasPanels } from "@nonconvex/figures/drawing"
import { type Entry, rowsOf } from "../Parts.ts"
import { isStatement } from "./Statement.ts"
import { Badge } from "./Badge.tsx"
import { draw } from "./Draw.ts"
import * as Packed from "./Packed.ts"
import { Prose } from "./Prose.tsx"

/** Findings of an experiment or a study: the verdicts in its markup, with their badges. */
const findingsIn = (markup: string): HTMLElement => {
  const whole = document.createElement("div")
  whole.innerHTML = markup
  const list = document.createElement("ul")
  list.className = "short"
  for (const row of whole.querySelectorAll("table.verdicts tbody tr")) {
    const badge = row.querySelector(".badge")
    const [, cell] = row.children
    if (badge === null || cell === undefined || row.closest("details") !== null) continue
    const item = document.createElement("li")
    item.append(badge, " ", ...(cell.querySelector("p") ?? cell).childNodes)
    list.append(item)
  }
  return list
}

/** Draws every figure of an experiment or a study one after another, because all at once would freeze the page. */
const Pictures = ({
  entry,
  whenDrawn,
}: {
  readonly entry: Entry
  readonly whenDrawn: () => void
}) => {
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const drawAll = async () => {
      const { columns = {}, figures = [], markup } = await Packed.part(entry.part)
      host.current?.append(findingsIn(markup[entry.address] ?? ""))
      const rows = rowsOf(columns)
      for (const figure of figures) {
        const place = document.createElement("figure")
        const picture = document.createElement("div")
        const caption = document.createElement("figcaption")
        render(
          <>
            <strong>{figure.title}</strong> <Prose text={figure.caption} />
          </>,
          caption,
        )
        place.append(picture, caption)
        host.current?.append(place)
        const view = await draw(picture, figure, rows, hasPanels(figure.spec) ? "wide" : "card")
        view.finalize()
      }
    }
    void drawAll().finally(whenDrawn)
  }, [])
  return <div class="figures" ref={host} />
}

const One = ({
  entries,
  isDrawn,
  system,
  whenDrawn,
}: {
  readonly entries: ReadonlyArray<Entry>
  readonly isDrawn: (entry: Entry) => boolean
  readonly system: Entry
  readonly whenDrawn: () => void
}) => {
  const own = entries.filter((entry) => entry.system === system.system)
  const statements = own.filter(isStatement)
  return (
    <section>
      <h2>{system.title}</h2>
      <p>{system.text}</p>
      <ul class="short">
        {statements.map((entry) => (
          <li key={entry.address}>
            <Badge of={entry} /> <strong>{entry.title}</strong> <Prose text={entry.text} />{" "}
            <span class="source">{entry.basis}</span>
          </li>
        ))}
      </ul>
      <div class="columns">
        {own
          .filter(({ kind }) => kind === "experiment" || kind === "study")
          .map((entry) => (
            <section key={entry.address}>
              <h3>{entry.title}</h3>
              <p>{entry.text}</p>
              {isDrawn(entry) ? <Pictures entry={entry} whenDrawn={whenDrawn} /> : null}
            </section>
          ))}
      </div>
    </section>
  )
}

/** Print view of all results in few pages, with each statement in a line or two and small figures. */
export const Print = ({ entries }: { readonly entries: ReadonlyArray<Entry> }) => {
  const drawn = entries.filter(({ kind }) => kind === "experiment" || kind === "study")
  const [count, setCount] = useState(1)
  const isReady = count > drawn.length
  return (
    <div class="paper" data-ready={isReady ? "yes" : "no"}>
      <h1>Printable version</h1>
      <p class="tools">
        <button type="button" disabled={!isReady} onClick={() => print()}>
          Print
        </button>
        <span role="status">{isReady ? "" : `drawing ${count} of ${drawn.length}`}</span>
      </p>
      {entries
        .filter(({ kind }) => kind === "system")
        .map((system) => (
          <One
            key={system.address}
            entries={entries}
            isDrawn={(entry) => drawn.indexOf(entry) < count}
            system={system}
            whenDrawn={() => setCount((before) => before + 1)}
          />
        ))}
    </div>
  )
}
