import type { ComponentChildren } from "preact"
import { useEffect, useRef } from "preact/hooks"
import { type Entry, type Index } from "../Parts.ts"
import { isStatement } from "./Statement.ts"
import { shown } from "../play/Shown.ts"
import * as Address from "./Address.ts"
import { Claims } from "./Claims.tsx"
import { withWords } from "./Found.ts"
import { PartView } from "./PartView.tsx"
import { useArrival, useHeadings } from "./Places.ts"
import { Play } from "./Play.tsx"
import { Print } from "./Print.tsx"
import { Prose } from "./Prose.tsx"
import { Replay } from "./Replay.tsx"

/** Additions of a served page: further pages, with links to them. */
export interface Life {
  readonly links: ReadonlyArray<readonly [path: string, title: string]>
  /** View of an address; undefined for an address of others. */
  readonly view: (address: Address.Address, entry: Entry | undefined) => ComponentChildren
}

interface Hit {
  readonly address: string
  readonly kind: string
  readonly title: string
  readonly text: string
}

/** Search entries of the toys, found by the theorem that each shows. */
const toys: ReadonlyArray<Hit> = Object.values(shown).map(({ claim, id, theorem, title }) => ({
  address: `play/${id}`,
  kind: "play",
  title,
  text: `Shows ${theorem}: ${claim}.`,
}))

/** Largest number of hits shown. */
const mostHits = 60

const Hits = ({
  entries,
  words,
}: {
  readonly entries: ReadonlyArray<Entry>
  readonly words: string
}) => {
  const all: ReadonlyArray<Hit> = [...toys, ...entries]
  const found = words.trim() === "" ? [] : withWords(all, words)
  return (
    <>
      <h1>{words.trim() === "" ? "Search" : `Found for "${words}"`}</h1>
      <p class="muted" role="status">
        {found.length > mostHits
          ? `${found.length}, of which the nearest ${mostHits}`
          : `${found.length}`}
      </p>
      <ul class="hits">
        {found.slice(0, mostHits).map(({ address, kind, text, title }) => (
          <li key={address}>
            <a href={`#${address}`}>{title}</a> <span class="source">{`${kind} · ${address}`}</span>
            <p>
              <Prose text={text} />
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}

const Contents = ({
  current,
  entries,
}: {
  readonly current: string | undefined
  readonly entries: ReadonlyArray<Entry>
}) => {
  const list = useRef<HTMLDetailsElement>(null)
  const close = () => {
    list.current!.open = false
  }
  useEffect(() => {
    const escape = ({ key }: KeyboardEvent) => {
      if (key !== "Escape" || list.current?.open !== true) return
      close()
      list.current.querySelector("summary")?.focus()
    }
    const elsewhere = ({ target }: MouseEvent) => {
      if (target instanceof Node && list.current?.contains(target) === false) close()
    }
    addEventListener("keydown", escape)
    addEventListener("click", elsewhere)
    return () => {
      removeEventListener("keydown", escape)
      removeEventListener("click", elsewhere)
    }
  }, [])
  const linked = ({ address, title }: Entry) => (
    <a href={`#${address}`} onClick={close}>
      {title}
    </a>
  )
  return (
    <details class="contents" ref={list}>
      <summary>Contents</summary>
      <nav aria-label="contents">
        <ul>
          {entries
            .filter(({ kind }) => kind === "system")
            .map((system) => (
              <li key={system.address}>
                {linked(system)}
                {system.system === current ? (
                  <ul>
                    {entries
                      .filter(
                        (entry) =>
                          entry.system === current &&
                          (entry.kind === "experiment" || entry.kind === "study"),
                      )
                      .map((entry) => (
                        <li key={entry.address}>{linked(entry)}</li>
                      ))}
                  </ul>
                ) : null}
              </li>
            ))}
          <li>
            <a href="#claims" onClick={close}>
              All claims and errata
            </a>
          </li>
          <li>
            <a href="#play" onClick={close}>
              Play
            </a>
          </li>
          <li>
            <a href="#print" onClick={close}>
              All on paper
            </a>
          </li>
        </ul>
      </nav>
    </details>
  )
}

const Bar = ({
  address,
  current,
  entries,
  links,
}: {
  readonly address: Address.Address
  readonly current: Entry | undefined
  readonly entries: ReadonlyArray<Entry>
  readonly links: Life["links"]
}) => {
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches("input, select")
      if (event.key !== "/" || isTyping) return
      event.preventDefault()
      box.current?.focus()
    }
    addEventListener("keydown", focus)
    return () => removeEventListener("keydown", focus)
  }, [])
  const search = (words: string) => {
    if (address.path === "search") Address.change({ words })
    else Address.go("search", { words })
  }
  const system = entries.find(({ kind, system: of }) => kind === "system" && of === current?.system)
  return (
    <header class="bar">
      <a href="#">nonconvex</a>
      {system === undefined || system === current ? null : (
        <a href={`#${system.address}`}>{system.title}</a>
      )}
      {links.map(([path, title]) => (
        <a key={path} href={`#${path}`}>
          {title}
        </a>
      ))}
      <a href="#play">Play</a>
      <Contents current={current?.system} entries={entries} />
      <input
        ref={box}
        type="search"
        placeholder="Search (/)"
        aria-label="Search claims, experiments and studies"
        value={address.path === "search" ? (address.query["words"] ?? "") : ""}
        onInput={(event) => search(event.currentTarget.value)}
      />
    </header>
  )
}

const View = ({
  address,
  entry,
  index,
}: {
  readonly address: Address.Address
  readonly entry: Entry | undefined
  readonly index: Index
}) => {
  const { entries } = index
  const { path, query } = address
  if (path === "search") return <Hits entries={entries} words={query["words"] ?? ""} />
  if (path === "play" || path.startsWith("play/")) return <Play address={address} />
  if (path.startsWith("replay/")) return <Replay address={address} entries={entries} />
  if (path === "print") return <Print entries={entries} />
  if (path === "claims") {
    return (
      <>
        <h1>Claims and errata</h1>
        <Claims entries={entries.filter(isStatement)} query={query} />
      </>
    )
  }
  if (entry === undefined) {
    return (
      <>
        <h1>Not here</h1>
        <p class="callout">
          {`Nothing here is called ${path}. `}
          <a href={`#search?words=${encodeURIComponent(path)}`}>Search for it</a>.
        </p>
      </>
    )
  }
  return <PartView address={address} entry={entry} index={index} />
}

/** The page without its first screen, which is static: `home`. */
export const App = ({
  home,
  index,
  life,
}: {
  readonly home: HTMLElement
  readonly index: Index
  readonly life?: Life
}) => {
  const { entries } = index
  const address = Address.useAddress()
  const { path } = address
  const entry = entries.find((each) => each.address === path)
  const main = useRef<HTMLElement>(null)
  const isHome = path === ""
  useEffect(() => {
    home.hidden = !isHome
  }, [isHome])
  const before = useRef(path)
  useEffect(() => {
    if (before.current === path) return
    // whoever types goes on typing
    if (path !== "search") {
      if (address.query["to"] === undefined) scrollTo(0, 0)
      main.current?.focus({ preventScroll: true })
    }
    before.current = path
  }, [path])
  useHeadings()
  useArrival(address)
  return (
    <>
      <Bar address={address} current={entry} entries={entries} links={life?.links ?? []} />
      <main ref={main} tabIndex={-1} hidden={isHome}>
        {isHome
          ? null
          : (life?.view(address, entry) ?? <View address={address} entry={entry} index={index} />)}
      </main>
    </>
  )
}
