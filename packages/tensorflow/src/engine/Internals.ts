/** Internals of the engine of TensorFlow.js 4.22, which runs and records every operation, that the faster parts use or replace. */
import type * as tf from "@tensorflow/tfjs"

/** A recorded operation: its inputs, outputs and gradient. */
export interface TapeNode {
  readonly kernelName: string
  /** Inputs; optional ones may be absent. */
  readonly inputs: Readonly<Record<string, tf.Tensor | null | undefined>>
  readonly outputs: ReadonlyArray<tf.Tensor>
  /** The function for the gradient with respect to each input; undefined if TensorFlow.js has none. */
  readonly gradient?: (
    dys: ReadonlyArray<tf.Tensor | null>,
  ) => Readonly<Record<string, () => tf.Tensor>>
  readonly saved: ReadonlyArray<tf.Tensor>
}

export interface Scope {
  readonly track: Array<tf.Tensor>
  readonly id: number
}

export interface State {
  activeTape: Array<TapeNode> | null
  readonly gradientDepth: number
  kernelDepth: number
  activeScope: Scope | null
  readonly scopeStack: Array<Scope>
  readonly profiling: boolean
  readonly tensorInfo: WeakMap<object, { readonly backend: tf.KernelBackend }>
}

/** Its functions are called as methods, as TensorFlow.js does. */
export interface Internals {
  readonly state: State
  readonly ENV: typeof tf.env extends () => infer Environment ? Environment : never
  readonly backendName: string | null | undefined
  readonly backend: tf.KernelBackend
  addTapeNode(
    kernelName: string,
    inputs: TapeNode["inputs"],
    outputs: ReadonlyArray<tf.Tensor>,
    gradient: null,
    saved: ReadonlyArray<tf.Tensor>,
    attributes: object | undefined,
  ): void
  clone(tensor: tf.Tensor): tf.Tensor
  endScope(result?: tf.TensorContainer): void
  endTape(): void
  getTensorsForGradient(
    kernelName: string,
    inputs: TapeNode["inputs"],
    outputs: ReadonlyArray<tf.Tensor>,
  ): ReadonlyArray<tf.Tensor>
  gradients(
    f: () => tf.Tensor,
    xs: ReadonlyArray<tf.Tensor>,
    dy?: tf.Tensor | null,
    allowNoGradients?: boolean,
  ): { value: tf.Tensor; grads: Array<tf.Tensor> }
  keep(tensor: tf.Tensor): tf.Tensor
  makeTensorFromTensorInfo(info: tf.TensorInfo): tf.Tensor
  runKernel(kernelName: string, inputs: TapeNode["inputs"], attributes?: object): unknown
  startScope(name?: string): void
  startTape(): void
  tidy<A extends tf.TensorContainer>(name: string, body: () => A): A
  track(tensor: tf.Tensor): tf.Tensor
  trackTensor(tensor: tf.Tensor, backend: tf.KernelBackend): void
}

/** The states and flags under which TensorFlow.js inspects every kernel call, so that its own code must run. */
export const isWatched = ({ ENV, state }: Internals): boolean =>
  state.profiling || ENV.getBool("DEBUG") || ENV.getBool("IS_TEST")

const used = [
  "addTapeNode",
  "clone",
  "endScope",
  "endTape",
  "getTensorsForGradient",
  "gradients",
  "keep",
  "makeTensorFromTensorInfo",
  "runKernel",
  "startScope",
  "startTape",
  "tidy",
  "track",
  "trackTensor",
] as const

/** The engine, if it has all of them. */
export const internals = (engine: object): Internals | undefined =>
  used.every((name) => typeof Reflect.get(engine, name) === "function")
    ? (engine as unknown as Internals)
    : undefined
