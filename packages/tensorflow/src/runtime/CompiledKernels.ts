/** Kernels of the compiled module of `@nonconvex/native` on the memory of the wasm backend: a backend of its own, with the same tensors. */
import * as tf from "@tensorflow/tfjs"
import type { CompiledModule } from "./CompiledModule.ts"
import { type ConvolutionAttributes, convolutionInfo } from "./ConvolutionGradients.ts"
import { type PoolAttributes, poolInfo } from "./PoolGradient.ts"
import { registerReluGradient } from "./ReluGradient.ts"
import { outputBeside, type WasmMemory } from "./WasmMemory.ts"

/** What TensorFlow.js calls the backend. */
export const compiledName = "compiled"

type Tensors = Readonly<Record<string, tf.TensorInfo>>

/** What a kernel is to compute: an output of this shape, from inputs of float32. */
interface Asked {
  readonly shape: ReadonlyArray<number>
  readonly inputs: ReadonlyArray<tf.TensorInfo>
  /** Null where the module refuses. */
  readonly compute: (out: Float32Array, ...views: ReadonlyArray<Float32Array>) => unknown
}

/** Undefined where the module has no such operation. */
type Ask = (inputs: Tensors, attributes: unknown) => Asked | undefined

/** The numbers of windows, as the module takes them. */
const numbersOf = (info: tf.backend_util.Conv2DInfo): Uint32Array =>
  Uint32Array.of(
    info.batchSize,
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.filterHeight,
    info.filterWidth,
    info.outChannels,
    info.outHeight,
    info.outWidth,
    info.strideHeight,
    info.strideWidth,
    info.padInfo.top,
    info.padInfo.left,
  )

const isPlain = ({ dataFormat, dilations }: ConvolutionAttributes): boolean =>
  dataFormat !== "NCHW" && [dilations ?? 1].flat().every((dilation) => dilation === 1)

const convolve =
  ({ convolve: compute }: CompiledModule): Ask =>
  (inputs, attributes) => {
    const given = attributes as ConvolutionAttributes
    const [x, filter] = [inputs["x"]!, inputs["filter"]!]
    if (!isPlain(given)) return undefined
    const info = convolutionInfo(x.shape, filter.shape, given)
    return {
      shape: info.outShape,
      inputs: [x, filter],
      compute: (out, images, weights) => compute(numbersOf(info), images, weights, out),
    }
  }

const filterGradient =
  ({ filterGradient: compute }: CompiledModule): Ask =>
  (inputs, attributes) => {
    const given = attributes as ConvolutionAttributes & { readonly filterShape: Array<number> }
    const [x, dy] = [inputs["x"]!, inputs["dy"]!]
    if (!isPlain(given)) return undefined
    const info = convolutionInfo(x.shape, given.filterShape, given)
    return {
      shape: info.filterShape,
      inputs: [x, dy],
      compute: (out, images, gradients) => compute(numbersOf(info), images, gradients, out),
    }
  }

const imageGradient =
  ({ imageGradient: compute }: CompiledModule): Ask =>
  (inputs, attributes) => {
    const given = attributes as ConvolutionAttributes & { readonly inputShape: Array<number> }
    const [dy, filter] = [inputs["dy"]!, inputs["filter"]!]
    if (!isPlain(given)) return undefined
    const info = convolutionInfo(given.inputShape, filter.shape, given)
    return {
      shape: info.inShape,
      inputs: [dy, filter],
      compute: (out, gradients, weights) => compute(numbersOf(info), gradients, weights, out),
    }
  }

const maxPool =
  ({ maxPool: compute }: CompiledModule): Ask =>
  (inputs, attributes) => {
    const x = inputs["x"]!
    const info = poolInfo(x.shape, attributes as PoolAttributes)
    return {
      shape: info.outShape,
      inputs: [x],
      compute: (out, images) => compute(numbersOf(info), images, out),
    }
  }

const maxPoolGradient =
  ({ maxPoolGradient: compute }: CompiledModule): Ask =>
  (inputs, attributes) => {
    const [dy, input, output] = [inputs["dy"]!, inputs["input"]!, inputs["output"]!]
    const info = poolInfo(input.shape, attributes as PoolAttributes)
    return {
      shape: info.inShape,
      inputs: [dy, input, output],
      compute: (out, gradients, images, largest) =>
        compute(numbersOf(info), gradients, images, largest, out),
    }
  }

const sizeOf = (shape: ReadonlyArray<number>): number =>
  shape.reduce((product, length) => product * length, 1)

/** Of as many matrices on either side; where one is for several, the backend has its own kernel. */
const matMul =
  ({ gemm }: CompiledModule): Ask =>
  (inputs, attributes) => {
    const { transposeA, transposeB } = attributes as Readonly<
      Record<"transposeA" | "transposeB", boolean>
    >
    const [a, b] = [inputs["a"]!, inputs["b"]!]
    const [outer, outerB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)]
    if (outer.length !== outerB.length || outer.some((length, i) => length !== outerB[i]))
      return undefined
    const [firstA, lastA] = a.shape.slice(-2) as [number, number]
    const [firstB, lastB] = b.shape.slice(-2) as [number, number]
    const [m, k] = transposeA ? [lastA, firstA] : [firstA, lastA]
    const [n, kB] = transposeB ? [firstB, lastB] : [lastB, firstB]
    if (k !== kB) return undefined
    const multiply: Asked["compute"] = (out, left, right) => {
      for (let i = 0; i < sizeOf(outer); i++) {
        const part = (all: Float32Array, size: number) => all.subarray(i * size, (i + 1) * size)
        const [x, y, c] = [part(left, m * k), part(right, k * n), part(out, m * n)]
        if (gemm(transposeA, transposeB, m, n, k, 1, x, y, 0, c, 1) === null) return null
      }
      return undefined
    }
    return { shape: [...outer, m, n], inputs: [a, b], compute: multiply }
  }

const compiled: Readonly<Record<string, (module: CompiledModule) => Ask>> = {
  Conv2D: convolve,
  Conv2DBackpropFilter: filterGradient,
  Conv2DBackpropInput: imageGradient,
  MaxPool: maxPool,
  MaxPoolGrad: maxPoolGradient,
  BatchMatMul: matMul,
}

/** The kernel that asks the module, and the one before where that has no such operation or refuses it. */
const orElse =
  (ask: Ask, before: tf.KernelFunc): tf.KernelFunc =>
  (given) => {
    const asked = ask(given.inputs as Tensors, given.attrs)
    if (asked === undefined || asked.inputs.some(({ dtype }) => dtype !== "float32"))
      return before(given)
    const memory = given.backend as WasmMemory
    const { out, tensor, views } = outputBeside(memory, asked.shape, ...asked.inputs)
    if (asked.compute(out, ...views) !== null) return tensor
    memory.disposeData(tensor.dataId)
    return before(given)
  }

/** Registers the backend beside that of wasm, which must be there and complete; it is never chosen unasked. */
export const registerCompiled = (module: CompiledModule): void => {
  if (!tf.engine().backendNames().includes(compiledName)) {
    tf.registerBackend(compiledName, () => tf.findBackend("wasm"), 0)
  }
  for (const config of tf.getKernelsForBackend("wasm")) {
    const { kernelFunc, kernelName } = config
    if (tf.getKernel(kernelName, compiledName) !== undefined) continue
    const ask = compiled[kernelName]?.(module)
    tf.registerKernel({
      ...config,
      backendName: compiledName,
      kernelFunc: ask === undefined ? kernelFunc : orElse(ask, kernelFunc),
    })
  }
  registerReluGradient(module, compiledName)
}
