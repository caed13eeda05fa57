/** Server state in the page, requested once, or again after each change. */
import { useEffect, useRef, useState } from "preact/hooks"
import type { Now, Refused, Start, Task } from "./Messages.ts"

const reasonOf = (status: number, text: string): string => {
  try {
    return (JSON.parse(text) as Refused).error
  } catch {
    return text.trim() === "" ? `the server answered with ${status}` : text.trim()
  }
}

/** Text of a server's answer. Rejects with the server's reason, in one line. */
const textAt = async (path: string, init: RequestInit = {}): Promise<string> => {
  const response = await fetch(path, init).catch(() => {
    throw new Error("the server does not answer; run nonconvex open to restart it")
  })
  const text = await response.text()
  if (!response.ok) throw new Error(reasonOf(response.status, text))
  return text
}

const ask = async <Answer>(path: string, init?: RequestInit): Promise<Answer> =>
  JSON.parse(await textAt(path, init)) as Answer

/** The text of a part of the report. */
export const partText = (name: string): Promise<string> =>
  textAt(`/part?name=${encodeURIComponent(name)}`)

export const stop = (id: string): Promise<unknown> =>
  ask(`/api/tasks/${encodeURIComponent(id)}`, { method: "DELETE" })

export interface Asked<Answer> {
  /** Latest answer to this question; undefined until there is one. */
  readonly answer?: Answer
  readonly fault?: string
}

const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** Answer at an address, requested again when `stamp` changes, with one request at a time. */
export const useAsked = <Answer>(path: string | undefined, stamp = ""): Asked<Answer> => {
  const [found, set] = useState<Asked<Answer> & { readonly path?: string }>({})
  const state = useRef({ path, stamp, isAsking: false })
  state.current.path = path
  state.current.stamp = stamp
  const again = useRef(async () => {
    const { current } = state
    if (current.isAsking) return
    current.isAsking = true
    for (;;) {
      const { path: asked, stamp: then } = current
      if (asked === undefined) break
      const next = await ask<Answer>(asked).then(
        (answer) => ({ answer, path: asked }),
        (cause: unknown) => ({ fault: reason(cause), path: asked }),
      )
      if (current.path === asked) set(next)
      if (current.path === asked && current.stamp === then) break
    }
    current.isAsking = false
  })
  useEffect(() => void again.current(), [path, stamp])
  return found.path === path ? found : {}
}

/** Answers at several addresses once all have arrived, or the error of one. */
export const useAllAsked = <Answer>(
  paths: ReadonlyArray<string>,
  stamp = "",
): Asked<ReadonlyArray<Answer>> => {
  const key = paths.join(" ")
  const [found, set] = useState<Asked<ReadonlyArray<Answer>> & { readonly key?: string }>({})
  useEffect(() => {
    let isGone = false
    const keep = (next: Asked<ReadonlyArray<Answer>>) => {
      if (!isGone) set({ ...next, key })
    }
    Promise.all(paths.map((path) => ask<Answer>(path))).then(
      (answer) => keep({ answer }),
      (cause: unknown) => keep({ fault: reason(cause) }),
    )
    return () => {
      isGone = true
    }
  }, [key, stamp])
  // older answers stay until the newer are here
  return found.key === key ? found : {}
}

/** Running tasks, and whether the server is connected. */
export interface Going {
  readonly now: Now | undefined
  readonly isLost: boolean
}

let going: Going = { now: undefined, isLost: false }
const listeners = new Set<(next: Going) => void>()

const tell = (next: Going): void => {
  going = next
  for (const listen of listeners) listen(next)
}

/** Starts a run or a sweep; the answer arrives at once. */
export const start = async (asked: Start): Promise<Task> => {
  const task = await ask<Task>("/api/tasks", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(asked),
  })
  const { now } = going
  if (now !== undefined && now.tasks.every(({ id }) => id !== task.id)) {
    tell({ ...going, now: { ...now, tasks: [...now.tasks, task] } })
  }
  return task
}

let source: EventSource | undefined

const connect = (): void => {
  if (source !== undefined) return
  source = new EventSource("/api/now")
  source.addEventListener("message", ({ data }: MessageEvent<string>) =>
    tell({ now: JSON.parse(data) as Now, isLost: false }),
  )
  source.addEventListener("error", () => tell({ ...going, isLost: true }))
}

/** Subscribes to the running tasks of the server. */
export const useGoing = (): Going => {
  const [seen, set] = useState(going)
  useEffect(() => {
    connect()
    listeners.add(set)
    set(going)
    return () => void listeners.delete(set)
  }, [])
  return seen
}
