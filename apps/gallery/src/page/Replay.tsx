import * as Instance from "@nonconvex/evidence/Instance"
import type { Compared } from "@nonconvex/evidence/Margin"
import { isViolated } from "@nonconvex/evidence/Margin"
import { useEffect, useMemo, useRef, useState } from "preact/hooks"
import { plotOn } from "../play/Plot.ts"
import { drawCurve, drawPlane, isPlanar } from "../replay/Picture.ts"
import type { Moment } from "../replay/Recording.ts"
import {
  columns,
  type Plane,
  rows,
  type PortableRecording,
  type PortableRun,
} from "../replay/PortableRecording.ts"
import type { Entry } from "../Parts.ts"
import * as Address from "./Address.ts"
import { replaying } from "./Computing.ts"
import { Prose } from "./Prose.tsx"

const shown = (value: number): string => String(Number(value.toPrecision(6)))

const signs = { "at most": "≤", "at least": "≥", equal: "=" } as const

const sided = ({ actual, bound, relation, tolerance }: Compared): string =>
  `${shown(actual)} ${signs[relation]} ${shown(bound)}${relation === "equal" ? ` ± ${shown(tolerance ?? 0)}` : ""}`

/** Describes a moment in a sentence. */
const sentenceOf = (moment: Moment, runs: ReadonlyArray<PortableRun>): string => {
  if (moment._tag === "Asked") {
    return `Asked: is ${sided(moment.compared)}? ${isViolated(moment.margin) ? "It is not" : "It is"}: margin ${shown(moment.margin)}.`
  }
  const { method, points } = runs[moment.run]!
  const { loss, point, step } = points[moment.index]!
  const place = Instance.inline([...point])
  const which = runs.length > 1 ? `Run ${moment.run + 1}, ${method}` : method
  const before = loss === undefined ? "" : `; the loss before the step was ${shown(loss)}`
  return step === 0
    ? `${which}: starts at ${place}.`
    : `${which}, step ${step}: at ${place}${before}.`
}

/** Run of a moment: its own, or the one before a comparison. */
const runAt = (moments: ReadonlyArray<Moment>, at: number) =>
  moments.slice(0, at + 1).findLast((moment) => moment._tag === "Point")

/** Level of a run's objective at a place in the plane. */
const shadeIn = ({ box, levels }: Plane, run: number) => {
  const known = levels[run]
  if (known === undefined) return undefined
  const cell = (value: number, [low, high]: readonly [number, number], count: number) =>
    Math.min(count - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * count)))
  return (x: number, y: number) => known[cell(y, box.y, rows) * columns + cell(x, box.x, columns)]!
}

const Picture = ({
  at,
  recording,
}: {
  readonly at: number
  readonly recording: PortableRecording
}) => {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { moments, plane, runs } = recording
  const point = runAt(moments, at)
  const run = point === undefined ? undefined : runs[point.run]!
  const isPlane = run !== undefined && isPlanar(run)
  const shade = useMemo(
    () => (isPlane && plane !== undefined ? shadeIn(plane, point!.run) : undefined),
    [recording, isPlane, point?.run],
  )
  useEffect(() => {
    if (run === undefined || point === undefined) return
    const plot = plotOn(canvas.current!)
    if (!isPlane || plane === undefined) drawCurve(plot, run, point.index)
    else {
      const box = plane.box
      drawPlane(plot, runs.filter(isPlanar), { run, index: point.index }, { box, shade })
    }
  }, [at, recording])
  if (run === undefined) return null
  const what = isPlane ? "the path in the plane" : "the loss against the steps"
  return <canvas ref={canvas} role="img" aria-label={`${run.method}: ${what}`} />
}

/** Milliseconds between two moments of the playback. */
const pace = 120

const Stage = ({
  recording,
  query,
}: {
  readonly recording: PortableRecording
  readonly query: Address.Address["query"]
}) => {
  const { moments, more, runs } = recording
  const last = moments.length - 1
  const [isPlaying, setPlaying] = useState(false)
  const at = Math.min(last, Math.max(0, Math.round(Number(query["at"] ?? 0)) || 0))
  const go = (to: number) => Address.change({ at: to === 0 ? "" : String(to) })
  useEffect(() => {
    if (!isPlaying) return undefined
    if (at === last) {
      setPlaying(false)
      return undefined
    }
    const timer = setTimeout(() => go(at + 1), pace)
    return () => clearTimeout(timer)
  }, [isPlaying, at])
  if (last < 0) {
    return (
      <p class="muted">
        This claim has no steps: its margin is that of a single yes-or-no question.
      </p>
    )
  }
  const play = () => {
    if (at === last) go(0)
    setPlaying(!isPlaying)
  }
  return (
    <section class="toy stage">
      <Picture at={at} recording={recording} />
      <p role="status">{sentenceOf(moments[at]!, runs)}</p>
      <div class="tools">
        <button type="button" disabled={at === 0} onClick={() => go(at - 1)}>
          Previous
        </button>
        <button type="button" disabled={at === last} onClick={() => go(at + 1)}>
          Next
        </button>
        <button type="button" disabled={last === 0} onClick={play}>
          {isPlaying ? "Pause" : "Play"}
        </button>
        <label>
          {`${at + 1} of ${last + 1} `}
          <input
            type="range"
            aria-label="moment"
            min={0}
            max={last}
            value={at}
            onInput={(event) => go(Number(event.currentTarget.value))}
          />
        </label>
        {more === 0 ? null : (
          <span class="muted">{`${more} more comparisons and runs are not kept`}</span>
        )}
      </div>
    </section>
  )
}

const Asked = ({ recording }: { readonly recording: PortableRecording }) => {
  const asked = recording.moments.flatMap((moment) => (moment._tag === "Asked" ? [moment] : []))
  if (asked.length === 0) return null
  const worst = asked.reduce((least, { margin }) => Math.min(least, margin), Infinity)
  return (
    <>
      <h2>What is compared</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="comparisons">
        <table class="rows">
          <thead>
            <tr>
              <th class="number">found</th>
              <th>asked</th>
              <th class="number">bound</th>
              <th class="number">margin</th>
              <th>decides</th>
            </tr>
          </thead>
          <tbody>
            {asked.map(({ compared, margin }, i) => (
              <tr key={i}>
                <td class="number">{shown(compared.actual)}</td>
                <td>{compared.relation}</td>
                <td class="number">{shown(compared.bound)}</td>
                <td class="number">{shown(margin)}</td>
                <td>{margin === worst ? "yes" : ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

const Found = ({
  entries,
  query,
  recording,
  token,
}: {
  readonly entries: ReadonlyArray<Entry>
  readonly query: Address.Address["query"]
  readonly recording: PortableRecording
  readonly token: string
}) => {
  const { compared, control, id, instance, margin, outcome } = recording
  return (
    <article>
      <h1>Replay of {id}</h1>
      <p>
        <Prose text={entries.find(({ address }) => address === id)?.text ?? ""} />
      </p>
      <p>
        {control === undefined ? null : (
          <>
            Under the control <strong>{control}</strong>, which must break it.{" "}
          </>
        )}
        <a href={`#${id}`}>The claim</a> · <code class="copy">nonconvex replay {token}</code>
      </p>
      <h2>The instance</h2>
      <pre class="scroll" tabIndex={0}>
        {instance.join("\n")}
      </pre>
      <h2>Step by step</h2>
      <Stage recording={recording} query={query} />
      <Asked recording={recording} />
      <h2>Result</h2>
      <p>
        Margin <strong>{shown(margin)}</strong>
        {compared === "" ? "" : ` ${compared}`}. So {outcome}.
      </p>
    </article>
  )
}

/** Token replayed in the page by the code and kernels of the command, in a worker. */
export const Replay = ({
  address: { path, query },
  entries,
}: {
  readonly address: Address.Address
  readonly entries: ReadonlyArray<Entry>
}) => {
  const token = path.slice("replay/".length)
  const [round, setRound] = useState(0)
  const [found, setFound] = useState<{
    readonly recording?: PortableRecording
    readonly fault?: string
    readonly isCancelled?: boolean
  }>({})
  const cancel = useRef(() => {})
  useEffect(() => {
    setFound({})
    const asked = replaying(token)
    let isGone = false
    cancel.current = () => {
      isGone = true
      asked.cancel()
    }
    asked.recording.then(
      (replayed) => (isGone ? undefined : setFound({ recording: replayed })),
      (cause: unknown) =>
        isGone
          ? undefined
          : setFound({ fault: cause instanceof Error ? cause.message : String(cause) }),
    )
    return () => cancel.current()
  }, [token, round])
  const { fault, isCancelled = false, recording } = found
  if (recording !== undefined) {
    return <Found entries={entries} query={query} recording={recording} token={token} />
  }
  if (fault !== undefined) {
    return (
      <>
        <h1>Replay</h1>
        <p class="callout">{fault}</p>
      </>
    )
  }
  return (
    <>
      <h1>Replay</h1>
      <p role="status">{isCancelled ? `Cancelled: ${token}` : `Replaying ${token}`}</p>
      <p class="tools">
        {isCancelled ? (
          <button type="button" onClick={() => setRound(round + 1)}>
            Replay again
          </button>
        ) : (
          <button
            type="button"
            onClick={() => {
              cancel.current()
              setFound({ isCancelled: true })
            }}
          >
            Cancel
          </button>
        )}
        <code class="copy">nonconvex replay {token}</code>
      </p>
    </>
  )
}
