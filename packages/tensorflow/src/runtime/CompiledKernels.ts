/** Kernels of the compiled module of `@nonconvex/native` on the memory of the wasm backend: a backend of its own, with the same tensors. */
import * as tf from "@tensorflow/tfjs"
import type { CompiledModule } from "./CompiledModule.ts"
import { type ConvolutionAttributes, convolutionInfo } from "./ConvolutionGradients.ts"
import { type PoolAttributes, poolInfo } from "./PoolGradient.ts"
import { remembered } from "./Remembered.ts"
import { registerReluGradient } from "./ReluGradient.ts"
import { outputBeside, type WasmMemory } from "./WasmMemory.ts"

/** Name of the backend in TensorFlow.js. */
export const compiledName = "compiled"

type Tensors = Readonly<Record<string, tf.TensorInfo>>

/** Request to a kernel: an output of this shape, from inputs of float32. */
interface Asked {
  readonly shape: ReadonlyArray<number>
  readonly inputs: ReadonlyArray<tf.TensorInfo>
  /** Result from the views of the inputs, in order; null if the module refuses. */
  readonly compute: (out: Float32Array, views: ReadonlyArray<Float32Array>) => unknown
}

/** Undefined where the module has no such operation. */
type Ask = (inputs: Tensors, attributes: unknown) => Asked | undefined

// no array is taken apart below: before it is optimised, that takes as long as a small kernel

const known = new WeakMap<tf.backend_util.Conv2DInfo, Uint32Array>()

/** The numbers of windows, as the module takes them. */
const numbersOf = (info: tf.backend_util.Conv2DInfo): Uint32Array => {
  const before = known.get(info)
  if (before !== undefined) return before
  const numbers = Uint32Array.of(
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
  known.set(info, numbers)
  return numbers
}

const isPlain = ({ dataFormat, dilations = 1 }: ConvolutionAttributes): boolean =>
  dataFormat !== "NCHW" &&
  (typeof dilations === "number" ? dilations === 1 : dilations.every((dilation) => dilation === 1))

const convolve =
  ({ convolve: compute }: CompiledModule): Ask =>
  (inputs, attributes) => {
    const given = attributes as ConvolutionAttributes
    const x = inputs["x"]!
    const filter = inputs["filter"]!
    if (!isPlain(given)) return undefined
    const info = convolutionInfo(x.shape, filter.shape, given)
    return {
      shape: info.outShape,
      inputs: [x, filter],
      compute: (out, views) => compute(numbersOf(info), views[0]!, views[1]!, out, 1),
    }
  }

const filterGradient =
  ({ filterGradient: compute }: CompiledModule): Ask =>
  (inputs, attributes) => {
    const given = attributes as ConvolutionAttributes & { readonly filterShape: Array<number> }
    const x = inputs["x"]!
    if (!isPlain(given)) return undefined
    const info = convolutionInfo(x.shape, given.filterShape, given)
    return {
      shape: info.filterShape,
      inputs: [x, inputs["dy"]!],
      compute: (out, views) => compute(numbersOf(info), views[0]!, views[1]!, out, 1),
    }
  }

const imageGradient =
  ({ imageGradient: compute }: CompiledModule): Ask =>
  (inputs, attributes) => {
    const given = attributes as ConvolutionAttributes & { readonly inputShape: Array<number> }
    const filter = inputs["filter"]!
    if (!isPlain(given)) return undefined
    const info = convolutionInfo(given.inputShape, filter.shape, given)
    return {
      shape: info.inShape,
      inputs: [inputs["dy"]!, filter],
      compute: (out, views) => compute(numbersOf(info), views[0]!, views[1]!, out, 1),
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
      compute: (out, views) => compute(numbersOf(info), views[0]!, out),
    }
  }

const maxPoolGradient =
  ({ maxPoolGradient: compute }: CompiledModule): Ask =>
  (inputs, attributes) => {
    const input = inputs["input"]!
    const info = poolInfo(input.shape, attributes as PoolAttributes)
    return {
      shape: info.inShape,
      inputs: [inputs["dy"]!, input, inputs["output"]!],
      compute: (out, views) => compute(numbersOf(info), views[0]!, views[1]!, views[2]!, out),
    }
  }

/** `count` products of matrices, one after the other. */
interface Product {
  readonly shape: ReadonlyArray<number>
  readonly count: number
  readonly m: number
  readonly n: number
  readonly k: number
}

/** Product of equally many matrices on either side; where one is for several, the backend has its own kernel. */
const productOf = (
  a: ReadonlyArray<number>,
  b: ReadonlyArray<number>,
  transposeA: boolean,
  transposeB: boolean,
): Product | undefined => {
  const outer = a.slice(0, -2)
  if (a.length !== b.length || outer.some((length, i) => length !== b[i])) return undefined
  const [firstA, lastA] = a.slice(-2) as [number, number]
  const [firstB, lastB] = b.slice(-2) as [number, number]
  const [m, k] = transposeA ? [lastA, firstA] : [firstA, lastA]
  const [n, kB] = transposeB ? [firstB, lastB] : [lastB, firstB]
  const count = outer.reduce((product, length) => product * length, 1)
  return k === kB ? { shape: [...outer, m, n], count, m, n, k } : undefined
}

const products = remembered<{ readonly product: Product | undefined }>()

const matMul =
  ({ gemm }: CompiledModule): Ask =>
  (inputs, attributes) => {
    const { transposeA, transposeB } = attributes as Readonly<
      Record<"transposeA" | "transposeB", boolean>
    >
    const a = inputs["a"]!
    const b = inputs["b"]!
    const key = `${a.shape.join()} ${b.shape.join()} ${transposeA} ${transposeB}`
    const { product } = products(key, () => ({
      product: productOf(a.shape, b.shape, transposeA, transposeB),
    }))
    if (product === undefined) return undefined
    const { count, k, m, n, shape } = product
    const compute: Asked["compute"] = (out, views) => {
      const left = views[0]!
      const right = views[1]!
      // a part of an array takes as long as a small product
      if (count === 1) return gemm(transposeA, transposeB, m, n, k, 1, left, right, 0, out, 1)
      for (let i = 0; i < count; i++) {
        const part = (all: Float32Array, size: number) => all.subarray(i * size, (i + 1) * size)
        const [x, y, c] = [part(left, m * k), part(right, k * n), part(out, m * n)]
        if (gemm(transposeA, transposeB, m, n, k, 1, x, y, 0, c, 1) === null) return null
      }
      return undefined
    }
    return { shape, inputs: [a, b], compute }
  }

const compiled: Readonly<Record<string, (module: CompiledModule) => Ask>> = {
  Conv2D: convolve,
  Conv2DBackpropFilter: filterGradient,
  Conv2DBackpropInput: imageGradient,
  MaxPool: maxPool,
  MaxPoolGrad: maxPoolGradient,
  BatchMatMul: matMul,
}

/** Kernel that calls the module, and the previous kernel if the module lacks the operation or refuses it. */
const orElse =
  (ask: Ask, before: tf.KernelFunc): tf.KernelFunc =>
  (given) => {
    const asked = ask(given.inputs as Tensors, given.attrs)
    if (asked === undefined || asked.inputs.some(({ dtype }) => dtype !== "float32"))
      return before(given)
    const memory = given.backend as WasmMemory
    const { out, tensor, views } = outputBeside(memory, asked.shape, ...asked.inputs)
    if (asked.compute(out, views) !== null) return tensor
    memory.disposeData(tensor.dataId)
    return before(given)
  }

/** Registers the backend in addition to wasm, which must be registered; it is used only on request. */
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
