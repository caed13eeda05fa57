import * as Instance from "@nonconvex/evidence/Instance"
import type { Compared } from "@nonconvex/evidence/Margin"
import { isViolated } from "@nonconvex/evidence/Margin"
import * as Outcome from "@nonconvex/evidence/Outcome"
import { useEffect, useMemo, useRef, useState } from "preact/hooks"
import { plotOn } from "../play/Plot.ts"
import { drawCurve, drawPlane, isPlanar, planeOf, shadeOf } from "../replay/Picture.ts"
import type { Run } from "@nonconvex/evidence/Margin"
import type { Moment, Recording } from "../replay/Recording.ts"
import type { Entry } from "../Parts.ts"
import * as Address from "./Address.ts"
import { computing } from "./Computing.ts"
import { Prose } from "./Prose.tsx"

const shown = (value: number): string => String(Number(value.toPrecision(6)))

const signs = { "at most": "≤", "at least": "≥", equal: "=" } as const

const sided = ({ actual, bound, relation, tolerance }: Compared): string =>
  `${shown(actual)} ${signs[relation]} ${shown(bound)}${relation === "equal" ? ` ± ${shown(tolerance ?? 0)}` : ""}`

/** A moment in a sentence. */
const told = (moment: Moment, runs: ReadonlyArray<Run>): string => {
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

/** The run that a moment belongs to: its own, or the one before a comparison. */
const runAt = (moments: ReadonlyArray<Moment>, at: number) =>
  moments.slice(0, at + 1).findLast((moment) => moment._tag === "Point")

const Picture = ({ at, recording }: { readonly at: number; readonly recording: Recording }) => {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { moments, runs } = recording
  const point = runAt(moments, at)
  const run = point === undefined ? undefined : runs[point.run]!
  const isPlane = run !== undefined && isPlanar(run)
  const plane = useMemo(() => {
    if (!isPlane) return undefined
    const beside = runs.filter(isPlanar)
    const box = planeOf(beside)
    return { beside, box, shade: shadeOf(run, box) }
  }, [recording, isPlane])
  useEffect(() => {
    if (run === undefined || point === undefined) return
    const plot = plotOn(canvas.current!)
    if (plane === undefined) drawCurve(plot, run, point.index)
    else drawPlane(plot, plane.beside, { run, index: point.index }, plane)
  }, [at, recording])
  if (run === undefined) return null
  const what = isPlane ? "the way in the plane" : "what becomes of it with the steps"
  return <canvas ref={canvas} role="img" aria-label={`${run.method}: ${what}`} />
}

/** Milliseconds between two moments that are played. */
const pace = 120

const Stage = ({
  recording,
  query,
}: {
  readonly recording: Recording
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
        This claim tells no steps: its margin is of one question, which holds or does not.
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
      <p role="status">{told(moments[at]!, runs)}</p>
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

const Asked = ({ recording }: { readonly recording: Recording }) => {
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
  readonly recording: Recording
  readonly token: string
}) => {
  const { control, recalled, statement } = recording
  const { compared, instance, margin, reason } = recalled
  const { outcome } =
    reason === undefined
      ? Outcome.of(statement, control, isViolated(margin))
      : { outcome: `the trial broke here: ${reason}` }
  return (
    <article>
      <h1>Replay of {statement.id}</h1>
      <p>
        <Prose text={entries.find(({ address }) => address === statement.id)?.text ?? ""} />
      </p>
      <p>
        {control === undefined ? null : (
          <>
            Under the control <strong>{control}</strong>, which must break it.{" "}
          </>
        )}
        <a href={`#${statement.id}`}>The claim</a> ·{" "}
        <code class="copy">nonconvex replay {token}</code>
      </p>
      <h2>The instance</h2>
      <pre class="scroll" tabIndex={0}>
        {Instance.lines(instance).join("\n")}
      </pre>
      <h2>Step by step</h2>
      <Stage recording={recording} query={query} />
      <Asked recording={recording} />
      <h2>Result</h2>
      <p>
        Margin <strong>{shown(margin)}</strong>
        {compared === undefined
          ? ""
          : ` ${Instance.unitOf(compared)}: ${Instance.comparison(compared)}`}
        . So {outcome}.
      </p>
    </article>
  )
}

/** A token replayed where the page is: by the code and the kernels of the command. */
export const Replay = ({
  address: { path, query },
  entries,
}: {
  readonly address: Address.Address
  readonly entries: ReadonlyArray<Entry>
}) => {
  const token = path.slice("replay/".length)
  const [found, setFound] = useState<{
    readonly token: string
    readonly recording?: Recording
    readonly fault?: string
  }>()
  useEffect(() => {
    let isGone = false
    const replayed = computing().then(async ({ replay }) => {
      // what is to be read stands there before the work begins
      await new Promise((resume) => setTimeout(resume, 30))
      return { token, recording: replay(token) }
    })
    replayed
      .catch((cause: unknown) => ({
        token,
        fault: cause instanceof Error ? cause.message : String(cause),
      }))
      .then((now) => (isGone ? undefined : setFound(now)))
      .catch(() => undefined)
    return () => {
      isGone = true
    }
  }, [token])
  if (found?.recording === undefined || found.token !== token) {
    const fault = found?.token === token ? found.fault : undefined
    return (
      <>
        <h1>Replay</h1>
        {fault === undefined ? (
          <p role="status">Replaying {token}</p>
        ) : (
          <p class="callout">{fault}</p>
        )}
      </>
    )
  }
  return <Found entries={entries} query={query} recording={found.recording} token={token} />
}
