import type { Row } from "@nonconvex/evidence/Experiment"
import { textOf, withTable } from "@nonconvex/figures"
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks"
import type { View } from "vega"
import { choicesOf, faultOf, Frame, type Look, widths } from "@nonconvex/figures/internal/page"
import * as Address from "./Address.ts"
import { draw, type Figure, frameOf, rowsIn, saveCsv, savePng, saveSvg } from "./Draw.ts"
import { engine } from "./Engine.ts"
import { FrameButtons } from "./FrameButtons.tsx"
import { Prose } from "./Prose.tsx"

/** Width of a figure in pixels: that of its column, within readable limits. */
const acrossOf = ({ clientWidth }: HTMLElement): number =>
  clientWidth === 0 ? widths.wide : Math.max(widths.narrow, Math.min(widths.wide, clientWidth))

const between = "~"

const lookOf = (figure: Figure, query: Address.Address["query"]): Look => {
  const told = (name: string) => query[`${figure.id}.${name}`]
  const scale = (name: string) => {
    const word = told(name)
    return word === "log" || word === "linear" ? word : undefined
  }
  return {
    hidden: (told("hide") ?? "").split(between).filter((label) => label !== ""),
    x: scale("x"),
    y: scale("y"),
    isZoomed: told("zoom") !== undefined,
    frame: Frame.parse(told("zoom") ?? ""),
  }
}

/** Tracks whether an element was ever in the viewport. */
const useSeen = (of: { readonly current: HTMLElement | null }): boolean => {
  const [seen, set] = useState(false)
  useEffect(() => {
    const watch = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) set(true)
      },
      { rootMargin: "300px" },
    )
    watch.observe(of.current!)
    return () => watch.disconnect()
  }, [])
  return seen
}

/**
 * Draws a figure that was never in the viewport before printing. Browsers wait for no timer there, so the engine is loaded while
 * the page is idle.
 */
const usePrinted = (
  host: { readonly current: HTMLElement | null },
  isDrawn: boolean,
  drawn: () => Promise<unknown>,
): void => {
  useEffect(() => {
    if (isDrawn) return undefined
    const resting = setTimeout(() => void engine(), 400)
    const printing = () => {
      if (host.current?.querySelector("svg") === null) void drawn().catch(() => undefined)
    }
    addEventListener("beforeprint", printing)
    return () => {
      clearTimeout(resting)
      removeEventListener("beforeprint", printing)
    }
  }, [isDrawn, drawn])
}

const Toggle = ({
  children,
  isOn,
  set,
}: {
  readonly children: string
  readonly isOn: boolean
  readonly set: (on: boolean) => void
}) => (
  <label>
    <input type="checkbox" checked={isOn} onChange={() => set(!isOn)} />
    {children}
  </label>
)

/** A figure that is drawn when it scrolls into view, with its controls. `name` begins the names of its files. */
export const FigureView = ({
  figure,
  name,
  query,
  rows,
}: {
  readonly figure: Figure
  readonly name: string
  readonly query: Address.Address["query"]
  readonly rows: ReadonlyArray<Row>
}) => {
  const host = useRef<HTMLDivElement>(null)
  const [view, setView] = useState<View>()
  const [frame, setFrame] = useState<Frame.Frame>()
  const [fault, setFault] = useState("")
  const seen = useSeen(host)
  const look = lookOf(figure, query)
  const choices = useMemo(
    () =>
      seen && faultOf(figure.spec, rows) === undefined
        ? choicesOf(withTable(figure.spec, rows))
        : undefined,
    [seen, figure, rows],
  )
  const asked = JSON.stringify(look)
  const drawn = useCallback(
    () => draw(host.current!, figure, rows, acrossOf(host.current!), look),
    [figure, rows, asked],
  )
  usePrinted(host, seen, drawn)
  useEffect(() => {
    if (!seen) return undefined
    let isGone = false
    let own: View | undefined
    drawn().then(
      (now) => {
        if (isGone) now.finalize()
        else {
          own = now
          setView(now)
          setFrame(frameOf(now))
          setFault("")
        }
      },
      (cause: unknown) => setFault(cause instanceof Error ? cause.message : String(cause)),
    )
    return () => {
      isGone = true
      setView(undefined)
      own?.finalize()
    }
  }, [seen, drawn])
  /**
   * Timer that writes a moved view to the address once the pointer is still. (The engine stops the propagation of its events, so
   * the listener captures.)
   */
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined)
  const keep = () => {
    clearTimeout(rest.current)
    rest.current = setTimeout(() => {
      const there = view === undefined ? undefined : frameOf(view)
      if (there !== undefined) change("zoom", Frame.format(there))
    }, 400)
  }
  const change = (what: string, to: string) => Address.change({ [`${figure.id}.${what}`]: to })
  const file = `${name}-${figure.id}`
  const { series } = choices ?? {}
  const switches = (["x", "y"] as const).flatMap((axis) => {
    const own = choices?.scales[axis]
    if (own === undefined) return []
    const isLog = (look[axis] ?? own) === "log"
    const set = (on: boolean) => {
      const scale = on ? "log" : "linear"
      change(axis, scale === own ? "" : scale)
    }
    return [
      <Toggle key={axis} isOn={isLog} set={set}>
        {`logarithmic ${axis}`}
      </Toggle>,
    ]
  })
  return (
    <figure id={figure.id}>
      <div
        class="picture"
        ref={host}
        onPointerUpCapture={look.isZoomed ? keep : undefined}
        onWheelCapture={
          look.isZoomed ? (event) => (event.shiftKey ? keep() : undefined) : undefined
        }
        onDblClickCapture={
          look.isZoomed ? () => (clearTimeout(rest.current), change("zoom", "yes")) : undefined
        }
      />
      {fault === "" ? null : <p class="callout">This figure cannot be drawn: {fault}</p>}
      <figcaption>
        <strong>
          {figure.title}
          <a
            class="place"
            href={Address.format({
              path: Address.parse(location.hash).path,
              query: { to: figure.id },
            })}
            aria-label={`the address of ${figure.title}`}
          />
        </strong>
        <Prose text={figure.caption} />
      </figcaption>
      <details
        class="closer"
        open={query[`${figure.id}.closer`] === "open"}
        onToggle={(event) => {
          const isOpen = event.currentTarget.open
          if (isOpen !== (query[`${figure.id}.closer`] === "open"))
            change("closer", isOpen ? "open" : "")
        }}
      >
        <summary>Look closer</summary>
        {series === undefined ? null : (
          <fieldset>
            <legend>{series.field}</legend>
            {series.values.map((value) => {
              const label = textOf(value)
              const isHidden = look.hidden.includes(label)
              const others = look.hidden.filter((other) => other !== label)
              const set = (on: boolean) =>
                change("hide", (on ? others : [...others, label]).join(between))
              return (
                <Toggle key={label} isOn={!isHidden} set={set}>
                  {label}
                </Toggle>
              )
            })}
          </fieldset>
        )}
        <div class="tools">
          {switches}
          {choices?.isPlane === true ? (
            <Toggle isOn={look.isZoomed} set={(on) => change("zoom", on ? "yes" : "")}>
              zoom: drag to move, shift and wheel to scale, double click to return
            </Toggle>
          ) : null}
          {look.isZoomed ? (
            <FrameButtons
              frame={frame}
              scales={{ x: look.x ?? choices?.scales.x, y: look.y ?? choices?.scales.y }}
              set={(to) => {
                // the next press may come before this one is drawn
                if (to !== undefined) setFrame(to)
                change("zoom", to === undefined ? "yes" : Frame.format(to))
              }}
            />
          ) : null}
          <button
            type="button"
            disabled={view === undefined}
            onClick={() => void saveSvg(file, view!)}
          >
            SVG
          </button>
          <button
            type="button"
            disabled={view === undefined}
            onClick={() => void savePng(file, view!)}
          >
            PNG
          </button>
          <button type="button" onClick={() => saveCsv(file, rowsIn(figure, rows))}>
            CSV
          </button>
        </div>
      </details>
    </figure>
  )
}
