import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./FlattenFlags.ts"

export const flatten = Verb.make("flatten", flags, () => import("./FlattenHandler.ts")).pipe(
  Command.withDescription(
    "Replace a two-layer network by the flattest one with the same outputs on its data, which is where label-noise SGD would end. One linear solve finds it. Prints a certificate before and after, and the number of steps that label noise would need. Requires linearly independent rows, at most one more than features. Give the data, flags and seed of the training.",
  ),
  Command.withShortDescription("Find the flattest network with the same outputs on the data"),
  Command.withExamples([
    {
      command: "nonconvex flatten net.json spectra.csv --fit --save flat.json",
      description:
        "A network saved by nonconvex train spectra.csv --target sugar --activation cube --hidden 16 --save net.json",
    },
    {
      command:
        "nonconvex flatten net.safetensors spectra.npz --architecture net.json --save flat.safetensors",
      description: "A PyTorch network, written back with its tensor names",
    },
    {
      command: "nonconvex flatten example.json diabetes --create cubic --rows 8",
      description: "Create an example network",
    },
    {
      command: "nonconvex flatten example.json diabetes --save flat.json",
      description: "Flatten it",
    },
  ]),
)
