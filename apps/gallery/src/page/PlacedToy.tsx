/** Toy within another page, shown once its code is unpacked. */
import { useEffect, useState } from "preact/hooks"
import type { Toy } from "../play/Toy.ts"
import type * as Address from "./Address.ts"
import { toys } from "./Computing.ts"
import { ToyView } from "./Play.tsx"

export const PlacedToy = ({
  claims,
  id,
  query,
}: {
  /** Address of a claim without its id, for a page that has no claims. */
  readonly claims?: string
  readonly id: string
  readonly query: Address.Address["query"]
}) => {
  const [toy, setToy] = useState<Toy>()
  useEffect(() => {
    void toys().then((all) => setToy(all.find((each) => each.id === id)))
  }, [id])
  return toy === undefined ? (
    <p class="muted">The toy is being unpacked.</p>
  ) : (
    <ToyView {...(claims !== undefined && { claims })} query={query} toy={toy} />
  )
}
