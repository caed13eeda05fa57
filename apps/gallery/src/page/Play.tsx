import * as Elementary from "@nonconvex/numerics/Elementary"
import { useEffect, useRef, useState } from "preact/hooks"
import { placeIn, plotOn } from "../play/Plot.ts"
import type { Point } from "../play/Point.ts"
import type { Knob, Playing, Toy, Values } from "../play/Toy.ts"
import * as Address from "./Address.ts"
import { computing } from "./Computing.ts"
import { Prose } from "./Prose.tsx"

/** Places of a slider. */
const notches = 1000

const placeOf = ({ isLog, least, most }: Knob, value: number): number =>
  Math.round(
    notches *
      (isLog === true
        ? Elementary.log(value / least) / Elementary.log(most / least)
        : (value - least) / (most - least)),
  )

const valueAt = ({ isLog, least, most }: Knob, place: number): number => {
  const part = place / notches
  const value =
    isLog === true ? least * Elementary.pow(most / least, part) : least + part * (most - least)
  return Number(value.toPrecision(3))
}

const valuesOf = ({ knobs }: Toy, query: Address.Address["query"]): Values =>
  Object.fromEntries(
    knobs.map(({ id, least, most, value }) => {
      const told = Number(query[id] ?? Number.NaN)
      return [id, told >= least && told <= most ? told : value]
    }),
  )

const startOf = (query: Address.Address["query"]): Point | undefined => {
  const [x, y] = (query["start"] ?? "").split("~").map(Number)
  return Number.isFinite(x) && Number.isFinite(y) ? [x!, y!] : undefined
}

/** Step of the start for an arrow key, as a fraction of the plot. */
const arrows: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
}

const calm = matchMedia("(prefers-reduced-motion: reduce)")

/** Runs a toy until nothing moves, a frame of it for each of the screen; at once where motion is unwelcome. */
const running = (playing: Playing, canvas: HTMLCanvasElement, tell: (text: string) => void) => {
  let request = 0
  let frames = 0
  const show = () => {
    playing.draw(plotOn(canvas))
    tell(playing.tell())
  }
  const frame = () => {
    const goesOn = playing.advance()
    frames++
    // words that change sixty times a second no one reads
    if (frames % 15 === 0 || !goesOn) show()
    else playing.draw(plotOn(canvas))
    if (goesOn) request = requestAnimationFrame(frame)
  }
  if (calm.matches) {
    while (playing.advance());
    show()
  } else {
    request = requestAnimationFrame(frame)
  }
  return () => cancelAnimationFrame(request)
}

/** A toy with its sliders, whose values are in the address. */
export const ToyView = ({
  query,
  toy,
}: {
  readonly query: Address.Address["query"]
  readonly toy: Toy
}) => {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [told, setTold] = useState("")
  const [round, setRound] = useState(0)
  const values = valuesOf(toy, query)
  const at = startOf(query)
  const asked = JSON.stringify([toy.id, values, at, round])
  const playing = useRef<Playing>(undefined)
  useEffect(() => {
    playing.current = toy.begin(values, at)
    return running(playing.current, canvas.current!, setTold)
  }, [asked])
  const put = ([x, y]: Point) =>
    Address.change({ start: `${Number(x.toPrecision(4))}~${Number(y.toPrecision(4))}` })
  const { box } = toy
  const isHeld = useRef(false)
  const drag = (event: PointerEvent) => {
    if (box === undefined || !isHeld.current) return
    const [x, y] = placeIn(canvas.current!, box, event)
    const within = (value: number, [low, high]: readonly [number, number]) =>
      Math.min(high, Math.max(low, value))
    put([within(x, box.x), within(y, box.y)])
  }
  const leave = () => {
    isHeld.current = false
  }
  const nudge = (event: KeyboardEvent) => {
    const way = arrows[event.key]
    const start = playing.current?.start
    if (way === undefined || box === undefined || start === undefined) return
    event.preventDefault()
    const by = (axis: 0 | 1, [low, high]: readonly [number, number]) =>
      start[axis] + (way[axis] * (high - low)) / 40
    put([by(0, box.x), by(1, box.y)])
  }
  return (
    <section class="toy">
      <h2 id={toy.id}>{toy.title}</h2>
      <p>
        <Prose text={toy.seen} /> This is {toy.theorem}, as a claim:{" "}
        <a href={`#${toy.claim}`}>{toy.claim}</a>.
      </p>
      <canvas
        ref={canvas}
        class={toy.panels === undefined ? "" : "many"}
        tabIndex={box === undefined ? undefined : 0}
        role="img"
        aria-label={`${toy.title}. ${told}`}
        onPointerDown={(event) => {
          isHeld.current = true
          // whoever leaves the picture holds the start all the same, until it is let go
          event.currentTarget.setPointerCapture(event.pointerId)
          drag(event)
        }}
        onPointerMove={drag}
        onPointerUp={leave}
        onPointerCancel={leave}
        onKeyDown={nudge}
      />
      <p role="status">{told}</p>
      <div class="tools choices">
        {toy.knobs.map((knob) => (
          <label key={knob.id}>
            {`${knob.label}: ${values[knob.id]}`}
            <input
              type="range"
              min={0}
              max={notches}
              value={placeOf(knob, values[knob.id]!)}
              onInput={(event) =>
                Address.change({
                  [knob.id]: String(valueAt(knob, Number(event.currentTarget.value))),
                })
              }
            />
          </label>
        ))}
        <button type="button" onClick={() => setRound(round + 1)}>
          Again
        </button>
        {box === undefined ? null : (
          <span class="muted">drag the start, or move it by the arrow keys</span>
        )}
      </div>
    </section>
  )
}

/** A list of what can be played with, and one of them. */
export const Play = ({ address: { path, query } }: { readonly address: Address.Address }) => {
  const [toys, setToys] = useState<ReadonlyArray<Toy>>([])
  useEffect(() => {
    void computing().then((all) => setToys(all.toys))
  }, [])
  const toy = toys.find(({ id }) => path === `play/${id}`) ?? toys[0]
  return (
    <>
      <h1>Play</h1>
      <nav class="tools" aria-label="what can be played with">
        {toys.map(({ id, title }) => (
          <a key={id} href={`#play/${id}`} aria-current={id === toy?.id ? "page" : undefined}>
            {title}
          </a>
        ))}
      </nav>
      {toy === undefined ? null : <ToyView key={toy.id} query={query} toy={toy} />}
    </>
  )
}
