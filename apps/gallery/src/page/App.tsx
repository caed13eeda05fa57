import { type ComponentChildren, render } from "preact"
import { useEffect, useRef } from "preact/hooks"
import { type Entry, type Index } from "../Parts.ts"
import { isStatement } from "./Statement.ts"
import * as Address from "./Address.ts"
import { Claims } from "./Claims.tsx"
import { Hits } from "./Hits.tsx"
import { PartView } from "./PartView.tsx"
import { useArrival, useHeadings } from "./Places.ts"
import { Play } from "./Play.tsx"
import { Print } from "./Print.tsx"
import { Replay } from "./Replay.tsx"
import { PlacedToy } from "./PlacedToy.tsx"
import { useTitle } from "./Title.ts"

/** Additions of a served page: further pages, and links to them. */
export interface Life {
  readonly links: ReadonlyArray<readonly [path: string, title: string]>
  /** View of an address; undefined for the addresses of other pages. */
  readonly view: (address: Address.Address, entry: Entry | undefined) => ComponentChildren
  /** Content above an entry of the report. */
  readonly above: (entry: Entry) => ComponentChildren
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
          {entries
            .filter(({ kind }) => kind === "list")
            .map((each) => (
              <li key={each.address}>{linked(each)}</li>
            ))}
          {(
            [
              ["claims", "All claims and errata"],
              ["play", "Play"],
              ["print", "Print everything"],
            ] as const
          ).map(([path, title]) => (
            <li key={path}>
              <a href={`#${path}`} onClick={close}>
                {title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </details>
  )
}

/** Links of the bar; a narrow screen has them in the table of contents. */
const doors = [
  ["theorems", "Theorems"],
  ["errata", "Errata"],
  ["play", "Play"],
  ["glossary", "Glossary"],
] as const

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
      {doors.map(([path, title]) => (
        <a
          key={path}
          class="wide"
          href={`#${path}`}
          aria-current={address.path === path ? "page" : undefined}
        >
          {title}
        </a>
      ))}
      <Contents current={current?.system} entries={entries} />
      <input
        ref={box}
        type="search"
        placeholder="Search: Theorem 1 SAM, NTK, privacy (/)"
        aria-label="Search theorems, claims, studies and terms"
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
          {`This page has no part called ${path}. `}
          <a href={`#search?words=${encodeURIComponent(path)}`}>Search for it</a>.
        </p>
      </>
    )
  }
  return <PartView address={address} entry={entry} index={index} />
}

/** The page except its static first screen, `home`. */
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
  useEffect(() => {
    const place = home.querySelector<HTMLElement>("[data-toy]")
    if (!isHome || place === null) return
    if (!place.classList.contains("live")) {
      place.replaceChildren()
      place.classList.add("live")
    }
    render(<PlacedToy id={place.dataset["toy"]!} query={address.query} />, place)
  }, [isHome, address, index])
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
  useTitle(address, entry)
  useHeadings()
  useArrival(address)
  return (
    <>
      <Bar address={address} current={entry} entries={entries} links={life?.links ?? []} />
      <main ref={main} tabIndex={-1} hidden={isHome}>
        {isHome
          ? null
          : (life?.view(address, entry) ?? (
              <>
                {entry === undefined ? null : life?.above(entry)}
                <View address={address} entry={entry} index={index} />
              </>
            ))}
      </main>
    </>
  )
}
