/** A toy in a page of other things, once the page rests and the code that computes it is unpacked. */
import { useEffect, useState } from "preact/hooks"
import type { Toy } from "../play/Toy.ts"
import type * as Address from "./Address.ts"
import { toys } from "./Computing.ts"
import { ToyView } from "./Play.tsx"

/** Runs something when the page has drawn what it has and rests. */
const atRest = (run: () => void): void => {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(run, { timeout: 1500 })
  else setTimeout(run, 200)
}

export const RestedToy = ({
  id,
  query,
}: {
  readonly id: string
  readonly query: Address.Address["query"]
}) => {
  const [toy, setToy] = useState<Toy>()
  useEffect(() => {
    atRest(() => void toys().then((all) => setToy(all.find((each) => each.id === id))))
  }, [id])
  return toy === undefined ? (
    <p class="muted">The toy is being unpacked.</p>
  ) : (
    <ToyView query={query} toy={toy} />
  )
}
