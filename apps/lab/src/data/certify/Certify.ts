import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./CertifyFlags.ts"

export const certify = Verb.make("certify", flags, () => import("./CertifyHandler.ts")).pipe(
  Command.withDescription(
    "Certify how flat the minimum of a trained network is. Prints a bound on the loss gap, the flatness residual, the trace and the top eigenvalue of the Hessian, each with its error, and a verdict with what would change it. With --figure it draws the spectral density of the Hessian. Name the data and flags of the training; the network knows its seed. Networks of other programs are read as they predict, on all of the data, whose numbers are taken as they stand. With --oracle it is a program of yours that answers for any loss: its products are checked first, for symmetry and against its gradient.",
  ),
  Command.withShortDescription("Certify how flat the minimum of a trained network is"),
  Command.withExamples([
    {
      command: "nonconvex certify digits.json digits --figure spectrum.svg",
      description: "A network that train saved, with its data",
    },
    {
      command: "nonconvex certify line.json diabetes --descend 20000",
      description: "At the minimum below the saved network, instead of where training ended",
    },
    {
      command: "nonconvex certify net.safetensors data.npz --architecture net.json --by layer",
      description: "A network of PyTorch, with its layers described, on arrays x and y of NumPy",
    },
    {
      command: "nonconvex certify net.onnx photographs --input-shift 0.5 --input-scale 0.25",
      description: "An exported graph on pictures in a folder for each class",
    },
    {
      command: 'nonconvex certify --oracle "python model.py"',
      description: "Any model, through your own program that evaluates it",
    },
  ]),
)
