/** Starts a run or a sweep from a form with the settings of an experiment. */
import { useState } from "preact/hooks"
import * as Address from "../page/Address.ts"
import { start, useAsked } from "./Ask.ts"
import { type Asked, prefix, settingsOf, under, written } from "./Form.ts"
import type { ExperimentForm, ExperimentList, Start } from "./Messages.ts"
import { LatestFigure } from "./Latest.tsx"
import { Awaited, Fault, Field, Said } from "./Pieces.tsx"

type Query = Address.Address["query"]

const presets = ["smoke", "fast", "paper"] as const
type Preset = (typeof presets)[number]

const presetOf = ({ preset }: Query): Preset => presets.find((each) => each === preset) ?? "fast"

/** All experiments, grouped by system. */
export const StartList = () => {
  const found = useAsked<ExperimentList>("/api/experiments")
  const { answer = [] } = found
  const systems = [...new Set(answer.map(({ system }) => system))]
  return (
    <>
      <h1>Start an experiment</h1>
      <Awaited {...found} />
      {systems.map((system) => (
        <section key={system} aria-label={system}>
          <h2>{system}</h2>
          <ul class="short">
            {answer
              .filter((each) => each.system === system)
              .map(({ id, title }) => (
                <li key={id}>
                  <a href={`#start/${id}`}>{title}</a> <span class="source">{id}</span>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </>
  )
}

/** Settings that differ from the preset, to be sent. */
const changed = (form: ExperimentForm, query: Query): Readonly<Record<string, string>> => {
  const standard = form.presets[presetOf(query)]
  return Object.fromEntries(
    Object.entries(under(query, prefix.set)).filter(
      ([name, value]) => standard[name] === undefined || written(standard[name]) !== value,
    ),
  )
}

/** Builds the request of a form. */
const startOf = (form: ExperimentForm, query: Query): Start => {
  const common = {
    experiment: form.id,
    preset: presetOf(query),
    settings: changed(form, query),
  }
  if (query["mode"] !== "sweep") {
    return { _tag: "Run", ...common, seed: Number(query["seed"] ?? 1) }
  }
  const { metric = "", trials = "" } = query
  return {
    _tag: "Sweep",
    ...common,
    seeds: query["seeds"] ?? "1",
    vary: under(query, prefix.vary),
    ...(trials !== "" && { trials: Number(trials) }),
    ...(metric !== "" && { metric }),
    goal: query["goal"] === "most" ? "most" : "least",
  }
}

const Setting = ({
  asked: { choices, name, what },
  isSweep,
  query,
  standard,
}: {
  readonly asked: Asked
  readonly isSweep: boolean
  readonly query: Query
  readonly standard: string
}) => {
  const key = `${prefix.set}${name}`
  const value = query[key] ?? standard
  const set = (text: string) => Address.change({ [key]: text === standard ? "" : text })
  const varied = `${prefix.vary}${name}`
  return (
    <tr>
      <th scope="row">
        {name}
        <div class="source">{what}</div>
      </th>
      <td>
        {choices === undefined && what.includes("JSON") ? (
          <textarea
            aria-label={name}
            rows={Math.min(6, Math.ceil(value.length / 30))}
            value={value}
            onChange={(event) => set(event.currentTarget.value)}
          />
        ) : choices === undefined ? (
          <input
            type="text"
            aria-label={name}
            value={value}
            onChange={(event) => set(event.currentTarget.value)}
          />
        ) : (
          <select aria-label={name} onChange={(event) => set(event.currentTarget.value)}>
            {choices.map((choice) => (
              <option key={choice} selected={choice === value}>
                {choice}
              </option>
            ))}
          </select>
        )}
      </td>
      {isSweep ? (
        <td>
          <input
            type="text"
            aria-label={`values of ${name} to try`}
            placeholder="0,0.05,0.1 or 0.001..1:log"
            value={query[varied] ?? ""}
            onChange={(event) => Address.change({ [varied]: event.currentTarget.value })}
          />
        </td>
      ) : null}
    </tr>
  )
}

const Modes = ({ isSweep }: { readonly isSweep: boolean }) => (
  <fieldset class="modes">
    <legend>Run or sweep</legend>
    {(["run", "sweep"] as const).map((mode) => (
      <label key={mode}>
        <input
          type="radio"
          name="mode"
          checked={isSweep === (mode === "sweep")}
          onChange={() => Address.change({ mode: mode === "sweep" ? "sweep" : "" })}
        />
        {mode === "run" ? "Run: once" : "Sweep: many settings and seeds"}
      </label>
    ))}
  </fieldset>
)

const SweepFields = ({ query }: { readonly query: Query }) => {
  const field = (name: string, label: string, hint: string) => (
    <Field
      label={label}
      hint={hint}
      value={query[name] ?? ""}
      set={(value) => Address.change({ [name]: value })}
    />
  )
  return (
    <div class="fields">
      {field("seeds", "Seeds per configuration", "1, or 0..9")}
      {field("metric", "Metric", "last(loss), or a column for its mean")}
      <label class="field">
        Best is
        <select
          onChange={(event) =>
            Address.change({ goal: event.currentTarget.value === "most" ? "most" : "" })
          }
        >
          <option value="least">the smallest</option>
          <option value="most" selected={query["goal"] === "most"}>
            the most
          </option>
        </select>
      </label>
      {field("trials", "Number of configurations", "the whole grid")}
    </div>
  )
}

const Form = ({ form, query }: { readonly form: ExperimentForm; readonly query: Query }) => {
  const [fault, setFault] = useState<string>()
  const [isStarting, setStarting] = useState(false)
  const preset = presetOf(query)
  const isSweep = query["mode"] === "sweep"
  const standard = form.presets[preset]
  const submit = async (): Promise<void> => {
    setStarting(true)
    setFault(undefined)
    try {
      const { kind, of } = await start(startOf(form, query))
      Address.go(of === undefined ? "runs" : `${kind}/${of}`)
    } catch (cause) {
      setFault(cause instanceof Error ? cause.message : String(cause))
    }
    setStarting(false)
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Modes isSweep={isSweep} />
      <div class="fields">
        <label class="field">
          Preset
          <select
            onChange={(event) => {
              const { value } = event.currentTarget
              Address.change({ preset: value === "fast" ? "" : value })
            }}
          >
            {presets.map((each) => (
              <option key={each} selected={each === preset}>
                {each}
              </option>
            ))}
          </select>
        </label>
        {isSweep ? null : (
          <Field
            label="Seed"
            value={query["seed"] ?? "1"}
            set={(seed) => Address.change({ seed: seed === "1" ? "" : seed })}
          />
        )}
      </div>
      {preset === "paper" && form.paperTime !== undefined ? (
        <p class="callout">{`The paper preset takes ${form.paperTime}.`}</p>
      ) : null}
      {isSweep ? <SweepFields query={query} /> : null}
      <div class="scroll" tabIndex={0} role="region" aria-label="settings">
        <table class="settings">
          <thead>
            <tr>
              <th>setting</th>
              <th>value</th>
              {isSweep ? <th>values to try</th> : null}
            </tr>
          </thead>
          <tbody>
            {settingsOf(form.settings).map((asked) => (
              <Setting
                key={asked.name}
                asked={asked}
                isSweep={isSweep}
                query={query}
                standard={written(standard[asked.name] ?? null)}
              />
            ))}
          </tbody>
        </table>
      </div>
      <Fault text={fault} />
      <p class="tools">
        <button type="submit" class="main" disabled={isStarting}>
          {isSweep ? "Start the sweep" : "Start the run"}
        </button>
      </p>
    </form>
  )
}

export const StartView = ({ id, query }: { readonly id: string; readonly query: Query }) => {
  const { answer, fault } = useAsked<ExperimentForm>(`/api/experiment?id=${encodeURIComponent(id)}`)
  if (answer === undefined) return <Fault text={fault} />
  return (
    <>
      <h1>{answer.title}</h1>
      <p class="source">{`${answer.system} · ${answer.id}`}</p>
      <Said text={answer.question} />
      <div class="beside-figure">
        <Form form={answer} query={query} />
        <LatestFigure experiment={answer.id} />
      </div>
    </>
  )
}
