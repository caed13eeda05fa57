/** Script of the served page: the results page, and running work. */
import { render } from "preact"
import { App, type Life } from "../page/App.tsx"
import * as Packed from "../page/Packed.ts"
import { showPictures } from "../page/Pictures.ts"
import { shared } from "../Parts.ts"
import { partText } from "./Ask.ts"
import { CompareView } from "./CompareView.tsx"
import { LatestRuns } from "./Latest.tsx"
import { NowView } from "./NowView.tsx"
import { RunsView, SweepsView } from "./RunsView.tsx"
import { RunView } from "./RunView.tsx"
import { StartList, StartView } from "./StartView.tsx"
import { SweepView } from "./SweepView.tsx"

const view: Life["view"] = ({ path, query }, entry) => {
  if (entry !== undefined) return undefined
  const at = path.indexOf("/")
  const [room, rest] = at < 0 ? [path, ""] : [path.slice(0, at), path.slice(at + 1)]
  switch (room) {
    case "runs":
      return <RunsView query={query} />
    case "run":
      return <RunView key={rest} id={rest} query={query} />
    case "sweeps":
      return <SweepsView />
    case "sweep":
      return <SweepView key={rest} id={rest} query={query} />
    case "compare":
      return <CompareView query={query} />
    case "start":
      return rest === "" ? <StartList /> : <StartView key={rest} id={rest} query={query} />
    default:
      return undefined
  }
}

const life: Life = {
  links: [
    ["runs", "Runs"],
    ["sweeps", "Sweeps"],
    ["compare", "Compare"],
    ["start", "Start"],
  ],
  view,
  above: ({ address, kind }) =>
    kind === "experiment" ? (
      <p class="tools">
        <a class="door main" href={`#start/${address}`}>
          Run with other settings
        </a>
      </p>
    ) : null,
}

const scripts: Readonly<Record<string, string>> = {
  [shared.engine]: "/engine.js",
  [shared.play]: "/play.js",
  [shared.replay]: "/replay.js",
}

/** First screen: current runs above the papers. */
const home = (element: HTMLElement, markup: string): HTMLElement => {
  const now = document.createElement("div")
  const papers = document.createElement("div")
  papers.innerHTML = markup
  element.replaceChildren(now, papers)
  render(
    <>
      <NowView />
      <LatestRuns />
    </>,
    now,
  )
  return papers
}

const start = async (): Promise<void> => {
  // the token has done its work: the cookie has it
  if (location.search !== "") history.replaceState(null, "", `/${location.hash}`)
  Packed.comeFrom({ text: partText, script: (name) => scripts[name] ?? "" })
  const element = document.querySelector<HTMLElement>("#home")!
  const app = document.querySelector("#app")!
  const empty = { entries: [], pictures: {} }
  // runs can be seen before the report is read
  render(<App home={element} index={empty} life={life} />, app)
  const papers = home(element, "")
  const [markup, index] = await Promise.all([partText("home"), Packed.contents()])
  papers.innerHTML = markup
  showPictures(papers, index.pictures)
  render(<App home={element} index={index} life={life} />, app)
}

start().catch((cause: unknown) => {
  const said = document.createElement("p")
  said.className = "callout"
  said.textContent = cause instanceof Error ? cause.message : String(cause)
  document.querySelector("#home")!.append(said)
})
