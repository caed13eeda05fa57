import { useEffect, useRef, useState } from "preact/hooks"
import { type Found, search } from "../search/Search.ts"
import type { Place } from "./Place.ts"

/** Largest number of hits shown. */
const most = 40

/** Tests whether a key was typed into an input. */
const isWriting = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement && target.matches("input, select, textarea")

/** Search box for all pages. `root` leads to the root of the site; `places` loads the index when it is first needed. */
export const Finder = ({
  places,
  root,
}: {
  readonly places: () => Promise<ReadonlyArray<Place>>
  readonly root: string
}) => {
  const [words, setWords] = useState("")
  const [known, setKnown] = useState<ReadonlyArray<Place>>()
  const host = useRef<HTMLDivElement>(null)
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== "/" || isWriting(event)) return
      event.preventDefault()
      box.current?.focus()
    }
    addEventListener("keydown", focus)
    return () => removeEventListener("keydown", focus)
  }, [])
  const load = () => void (known === undefined && places().then(setKnown))
  const links = () => [...(host.current?.querySelectorAll<HTMLElement>(".found a") ?? [])]
  const move = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      setWords("")
      box.current?.focus()
    }
    if (event.key === "Enter" && event.target === box.current) links()[0]?.click()
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0
    if (by === 0) return
    event.preventDefault()
    const all = [box.current!, ...links()]
    all[
      (all.indexOf(document.activeElement as HTMLInputElement) + by + all.length) % all.length
    ]?.focus()
  }
  const isAsked = words.trim() !== ""
  const { found, meant }: Found<Place> =
    known !== undefined && isAsked ? search(known, words) : { found: [] }
  return (
    <div class="finder" ref={host} role="search" onKeyDown={move}>
      <input
        ref={box}
        type="search"
        placeholder="Search (/)"
        aria-label="Search guides, reference, claims and experiments"
        value={words}
        onFocus={load}
        onInput={(event) => setWords(event.currentTarget.value)}
      />
      {isAsked ? (
        <div class="found">
          <p class="muted" role="status">
            {known === undefined
              ? "reading the index"
              : `${found.length} found${found.length > most ? `, the nearest ${most}` : ""}`}
          </p>
          {meant === undefined ? null : (
            <p>
              Did you mean{" "}
              <button type="button" class="plain" onClick={() => setWords(meant)}>
                {meant}
              </button>
              ?
            </p>
          )}
          <ul>
            {found.slice(0, most).map(({ address, kind, text, title, verdict }) => (
              <li key={address}>
                <a href={`${root}${address}`} onClick={() => setWords("")}>
                  {title}
                </a>{" "}
                {verdict === undefined ? null : <span class="badge">{verdict}</span>}{" "}
                <span class="source">{kind}</span>
                <p>{text}</p>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </div>
  )
}
