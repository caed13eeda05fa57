import * as Elementary from "@nonconvex/numerics/Elementary"
import { useEffect, useRef, useState } from "preact/hooks"
import { placeIn, plotOn } from "../play/Plot.ts"
import type { Point } from "../play/Point.ts"
import { numberText } from "../play/NumberText.ts"
import type { Knob, Playing, Preset, Toy, Values } from "../play/Toy.ts"
import * as Address from "./Address.ts"
import { toys as unpacked } from "./Computing.ts"
import { nameOf } from "../prose/Names.ts"
import { Prose } from "./Prose.tsx"

/** Positions of a slider. */
const notches = 1000

const placeOf = ({ isLog, least, most }: Knob, value: number): number =>
  Math.round(
    notches *
      (isLog === true
        ? Elementary.log(value / least) / Elementary.log(most / least)
        : (value - least) / (most - least)),
  )

const valueAt = ({ isInteger, isLog, least, most }: Knob, place: number): number => {
  const part = place / notches
  const value =
    isLog === true ? least * Elementary.pow(most / least, part) : least + part * (most - least)
  return isInteger === true ? Math.round(value) : Number(value.toPrecision(3))
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

/** Movement of the start for an arrow key, as a fraction of the plot. */
const arrows: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
}

const calm = matchMedia("(prefers-reduced-motion: reduce)")

/** Speeds to choose from, as multiples of the usual one. */
const speeds = [0.1, 0.3, 1, 3, 10] as const

/** `ended` once nothing moves any more. */
type State = "running" | "paused" | "ended"

/** Computing time per frame in milliseconds if the reader prefers reduced motion. */
const busy = 30

/** Frames between updates of the text: no one can read words that change sixty times a second. */
const betweenTexts = 15

interface Shown {
  readonly picture: HTMLCanvasElement
  readonly curve: HTMLCanvasElement | null
  readonly tell: (text: string) => void
  readonly enter: (state: State) => void
}

/** Runs a toy, some steps per frame, until nothing moves; without intermediate frames if the reader prefers reduced motion. */
const runningOf = (playing: Playing, { curve, enter, picture, tell }: Shown) => {
  let request = 0
  let frames = 0
  let owed = 0
  let speed = 1
  let state: State = "running"
  const draw = () => {
    playing.draw(plotOn(picture))
    if (curve !== null) playing.drawCurve?.(plotOn(curve))
  }
  const show = () => {
    draw()
    tell(playing.tell())
  }
  const become = (next: State) => {
    state = next
    enter(next)
  }
  /** Takes the steps of one frame; false once nothing moves. */
  const some = (): boolean => {
    if (calm.matches) {
      const until = performance.now() + busy
      while (performance.now() < until) if (!playing.advance()) return false
      return true
    }
    owed += playing.pace * speed
    for (; owed >= 1; owed--) if (!playing.advance()) return false
    return true
  }
  const frame = () => {
    const goesOn = some()
    frames++
    if (!goesOn) {
      become("ended")
      show()
      return
    }
    if (!calm.matches) {
      if (frames % betweenTexts === 0) show()
      else draw()
    }
    request = requestAnimationFrame(frame)
  }
  const pause = () => {
    cancelAnimationFrame(request)
    if (state === "running") become("paused")
    show()
  }
  // one step, so that there is something to see and to say of
  if (playing.advance()) {
    show()
    become("running")
    request = requestAnimationFrame(frame)
  } else {
    become("ended")
    show()
  }
  return {
    pause,
    play: () => {
      if (state !== "paused") return
      become("running")
      request = requestAnimationFrame(frame)
    },
    step: () => {
      pause()
      if (state === "ended") return
      if (!playing.advance()) become("ended")
      show()
    },
    setSpeed: (next: number) => {
      speed = next
    },
    show,
    stop: () => cancelAnimationFrame(request),
  }
}

type Run = ReturnType<typeof runningOf>

const Knobs = ({ toy, values }: { readonly toy: Toy; readonly values: Values }) => (
  <div class="knobs">
    {toy.knobs.map((knob) => (
      <label key={knob.id}>
        <span>
          {knob.label} <span class="value">{numberText(values[knob.id]!)}</span>
        </span>
        <input
          type="range"
          min={0}
          max={notches}
          value={placeOf(knob, values[knob.id]!)}
          aria-valuetext={numberText(values[knob.id]!)}
          onInput={(event) =>
            Address.change({
              [knob.id]: String(valueAt(knob, Number(event.currentTarget.value))),
            })
          }
        />
      </label>
    ))}
  </div>
)

const putAt = ([x, y]: Point): string => `${Number(x.toPrecision(4))}~${Number(y.toPrecision(4))}`

const Presets = ({ presets }: { readonly presets: ReadonlyArray<Preset> }) => (
  <p class="tools">
    {presets.map(({ label, start, values }) => (
      <button
        key={label}
        type="button"
        class="preset"
        onClick={() =>
          Address.change({
            ...Object.fromEntries(Object.entries(values).map(([id, value]) => [id, String(value)])),
            start: start === undefined ? "" : putAt(start),
          })
        }
      >
        {label}
      </button>
    ))}
  </p>
)

/** A toy with sliders, whose values are stored in the address. */
export const ToyView = ({
  claims = "#",
  query,
  toy,
}: {
  /** Address of a claim without its id. */
  readonly claims?: string
  readonly query: Address.Address["query"]
  readonly toy: Toy
}) => {
  const canvas = useRef<HTMLCanvasElement>(null)
  const curve = useRef<HTMLCanvasElement>(null)
  const [told, setTold] = useState("")
  const [state, setState] = useState<State>("running")
  const [speed, setSpeed] = useState<number>(1)
  const [round, setRound] = useState(0)
  const [hasCurve, setHasCurve] = useState(true)
  const values = valuesOf(toy, query)
  const at = startOf(query)
  const asked = JSON.stringify([toy.id, values, at, round])
  const playing = useRef<Playing>(undefined)
  const run = useRef<Run>(undefined)
  useEffect(() => {
    const begun = toy.begin(values, at)
    playing.current = begun
    setHasCurve(begun.drawCurve !== undefined)
    const shown = { picture: canvas.current!, curve: curve.current, tell: setTold, enter: setState }
    run.current = runningOf(begun, shown)
    run.current.setSpeed(speed)
    return () => run.current?.stop()
  }, [asked])
  useEffect(() => run.current?.setSpeed(speed), [speed])
  useEffect(() => {
    const again = () => run.current?.show()
    addEventListener("resize", again)
    return () => removeEventListener("resize", again)
  }, [])
  const put = (point: Point) => Address.change({ start: putAt(point) })
  const { box } = toy
  const isHeld = useRef(false)
  const drag = (event: PointerEvent) => {
    if (box === undefined || !isHeld.current) return
    const [x, y] = placeIn(canvas.current!, box, event, toy.isEqual)
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
    <section class="toy" data-state={state}>
      <h2 id={toy.id}>{toy.title}</h2>
      <p>
        <Prose text={toy.seen} /> This is {toy.theorem}, as a claim:{" "}
        <a href={`${claims}${toy.claim}`}>{nameOf(toy.claim)}</a>.
      </p>
      <div class="board">
        <div class="scene">
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
          {/* a running toy speaks to no one: what it says changes before it is heard */}
          <p role="status" aria-live={state === "running" ? "off" : "polite"}>
            {told}
          </p>
        </div>
        <div class="controls">
          <p class="tools">
            {state === "running" ? (
              <button type="button" onClick={() => run.current?.pause()}>
                Pause
              </button>
            ) : (
              <button
                type="button"
                onClick={() => (state === "ended" ? setRound(round + 1) : run.current?.play())}
              >
                {state === "ended" ? "Play again" : "Play"}
              </button>
            )}
            <button type="button" disabled={state === "ended"} onClick={() => run.current?.step()}>
              Step
            </button>
            <button type="button" onClick={() => setRound(round + 1)}>
              Restart
            </button>
            <label>
              speed{" "}
              <select
                value={String(speed)}
                onChange={(event) => setSpeed(Number(event.currentTarget.value))}
              >
                {speeds.map((each) => (
                  <option key={each} value={String(each)}>{`× ${each}`}</option>
                ))}
              </select>
            </label>
          </p>
          <Knobs toy={toy} values={values} />
          <Presets presets={toy.presets} />
          <canvas
            ref={curve}
            class="curve"
            hidden={!hasCurve}
            role="img"
            aria-label={`${toy.title}: against the steps`}
          />
          <p class="try">
            <strong>Try this.</strong> {toy.tryThis}
            {box === undefined
              ? ""
              : " Drag the start in the picture, or move it with the arrow keys."}
          </p>
        </div>
      </div>
    </section>
  )
}

/** List of the toys, and one of them. */
export const Play = ({ address: { path, query } }: { readonly address: Address.Address }) => {
  const [toys, setToys] = useState<ReadonlyArray<Toy>>([])
  useEffect(() => {
    void unpacked().then(setToys)
  }, [])
  const toy = toys.find(({ id }) => path === `play/${id}`) ?? toys[0]
  return (
    <>
      <h1>Play</h1>
      <nav class="tools" aria-label="the toys">
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
