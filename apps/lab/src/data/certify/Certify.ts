import * as Command from "effect/cli/Command"
import * as Verb from "../../cli/Verb.ts"
import { flags } from "./CertifyFlags.ts"

export const certify = Verb.make("certify", flags, () => import("./CertifyHandler.ts")).pipe(
  Command.withDescription(
    "Certify how flat the minimum of a trained network is. Prints a bound on the loss gap, the flatness residual, the trace and the top eigenvalue of the Hessian, each with its error, and a verdict with what would change it. With --figure it draws the spectral density of the Hessian. Name the data and flags of the training; the file of the network has its seed. Networks from other programs are read in inference mode and certified on all of the data, without rescaling. With --oracle your own program evaluates any loss; its products are first checked for symmetry and against its gradient.",
  ),
  Command.withShortDescription("Certify how flat the minimum of a trained network is"),
  Command.withExamples([
    {
      command: "nonconvex certify digits.json digits --figure spectrum.svg",
      description: "A network saved by train, with its data",
    },
    {
      command: "nonconvex certify line.json diabetes --descend 20000",
      description: "At the minimum below the saved network, not where training ended",
    },
    {
      command: "nonconvex certify net.safetensors data.npz --architecture net.json --by layer",
      description: "A PyTorch network with a description of its layers, on NumPy arrays x and y",
    },
    {
      command: "nonconvex certify checkpoints data.npz --figure curvature.svg",
      description: "Trace and top eigenvalue at each checkpoint of a folder",
    },
    {
      command: "nonconvex certify net.onnx data.npz --measures trace,top",
      description: "Only these two, in the time of a few gradients",
    },
    {
      command: "nonconvex certify net.onnx photographs --input-shift 0.5 --input-scale 0.25",
      description: "An exported graph on pictures, with one folder per class",
    },
    {
      command: 'nonconvex certify --oracle "python model.py"',
      description: "Any model, through your own program that evaluates it",
    },
  ]),
)
