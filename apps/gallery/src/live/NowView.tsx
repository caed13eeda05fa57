/** View of running and finished tasks, with buttons to stop them. */
import { useState } from "preact/hooks"
import { stop, useGoing } from "./Ask.ts"
import type { Task } from "./Messages.ts"
import { Fault } from "./Pieces.tsx"

const secondsInWords = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  return whole < 3600
    ? `${Math.floor(whole / 60)} min ${whole % 60} s`
    : `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

export const isOpen = ({ state }: Task): boolean => state === "waiting" || state === "running"

const addressOf = ({ kind, of }: Task): string | undefined =>
  of === undefined ? undefined : `#${kind}/${of}`

/** Progress of a task, and a button to stop it. */
export const TaskLine = ({ task }: { readonly task: Task }) => {
  const [fault, setFault] = useState<string>()
  const { done, experiment, id, kind, left, reason, seconds, state, total } = task
  const of = kind === "run" ? "cases" : "trials"
  const address = addressOf(task)
  const name = `${kind} of ${experiment}`
  return (
    <li class="task">
      {address === undefined ? name : <a href={address}>{name}</a>}
      <span class={`badge ${state === "failed" ? "bad" : state === "done" ? "good" : "note"}`}>
        {state}
      </span>
      {isOpen(task) ? (
        <>
          <progress max={total} value={done} aria-label={name} />
          <span class="source">
            {`${done} of ${total} ${of}, ${secondsInWords(seconds)}`}
            {left === undefined ? "" : `, about ${secondsInWords(left)} left`}
          </span>
          <button
            type="button"
            aria-label={`Stop the ${name}`}
            onClick={() =>
              void stop(id).catch((cause: unknown) =>
                setFault(cause instanceof Error ? cause.message : String(cause)),
              )
            }
          >
            Stop
          </button>
        </>
      ) : (
        <span class="source">{reason ?? `${done} of ${total} ${of}`}</span>
      )}
      <Fault text={fault} />
    </li>
  )
}

/** Running work, here and in other programs that use the same store. */
export const NowView = () => {
  const { isLost, now } = useGoing()
  if (now === undefined) {
    return isLost ? (
      <Fault text="the server does not answer; run nonconvex open to restart it" />
    ) : null
  }
  const open = now.tasks.filter(isOpen)
  const ended = now.tasks.filter((task) => !isOpen(task)).toReversed()
  return (
    <section aria-label="what runs now">
      <p class="tools">
        <strong role="status">
          {open.length === 0 ? "No runs in progress." : `${open.length} in progress.`}
        </strong>
        <a href="#start">Start an experiment</a>
      </p>
      {isLost ? <Fault text="the server has stopped; run nonconvex open to restart it" /> : null}
      <Fault text={now.fault} />
      {open.length === 0 ? null : (
        <ul class="tasks">
          {open.map((task) => (
            <TaskLine key={task.id} task={task} />
          ))}
        </ul>
      )}
      {now.elsewhere.length === 0 ? null : (
        <ul class="tasks">
          {now.elsewhere.map(({ id, kept, parts, subject }) => (
            <li key={id} class="task">
              <a href={`#run/${id}`}>{subject}</a>
              <span class="badge note">elsewhere</span>
              <progress max={parts} value={kept} aria-label={`run of ${subject} elsewhere`} />
              <span class="source">{`${kept} of ${parts} parts`}</span>
            </li>
          ))}
        </ul>
      )}
      {ended.length === 0 ? null : (
        <details>
          <summary>{`Ended: ${ended.length}`}</summary>
          <ul class="tasks">
            {ended.map((task) => (
              <TaskLine key={task.id} task={task} />
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}
