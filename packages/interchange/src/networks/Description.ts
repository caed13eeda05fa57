/**
 * Short description of a network whose file has only weights (`net.json`). It lists the layers from input to output, and the
 * layout of kernels and images in the original program.
 *
 * Version 1. A layer with weights names them by `name`. With `"from": "pytorch"` they are `name.weight` and `name.bias`, and for
 * a normalisation also `name.running_mean` and `name.running_var`. With `"from": "keras"` they are `name/kernel`, `name/bias`,
 * `name/gamma`, `name/beta`, `name/moving_mean` and `name/moving_variance`. `"tensors"` overrides the names.
 */
import * as Activation from "@nonconvex/problems/network/Activation"
import * as Schema from "effect/Schema"

/** Limits of a description. */
const most = { layers: 1000, side: 4096, width: 2 ** 22, name: 200 }

const Name = Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(most.name))
const Side = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: most.side }))
const Margin = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: most.side }))
const Width = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: most.width }))

/** One number for both sides, or a height and a width. */
export const Sides = Schema.Union([Side, Schema.Tuple([Side, Side])])
/**
 * Zeros on each side: above and below, then left and right; or top, left, bottom and right. "same" keeps the sides at a stride
 * of 1.
 */
export const Padding = Schema.Union([
  Margin,
  Schema.Tuple([Margin, Margin]),
  Schema.Tuple([Margin, Margin, Margin, Margin]),
  Schema.Literals(["same", "valid"]),
])

export const Dense = Schema.Struct({
  layer: Schema.Literal("dense"),
  name: Name,
  /** Names of the tensors, if not the default ones; a layer without a bias has none. */
  tensors: Schema.optionalKey(Schema.Struct({ weight: Name, bias: Schema.optionalKey(Name) })),
})
const Convolution = Schema.Struct({
  layer: Schema.Literal("convolution"),
  name: Name,
  tensors: Dense.fields.tensors,
  stride: Schema.optionalKey(Sides),
  padding: Schema.optionalKey(Padding),
})
/** Batch normalisation at inference, with the running mean and variance. */
export const Normalisation = Schema.Struct({
  layer: Schema.Literal("normalisation"),
  name: Name,
  tensors: Schema.optionalKey(
    Schema.Struct({
      scale: Schema.optionalKey(Name),
      shift: Schema.optionalKey(Name),
      mean: Name,
      variance: Name,
    }),
  ),
  /** Default 1e-5 for PyTorch and 1e-3 for Keras. */
  epsilon: Schema.optionalKey(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))),
})
export const pool = <Kind extends string>(layer: Kind) =>
  Schema.Struct({
    layer: Schema.Literal(layer),
    /** "image" is the whole image. */
    size: Schema.Union([Sides, Schema.Literal("image")]),
    stride: Schema.optionalKey(Sides),
    padding: Schema.optionalKey(Padding),
    /** True if padding zeros count in a mean; the default is that of the program. */
    countsPadding: Schema.optionalKey(Schema.Boolean),
  })

/** Layers without settings: activations, "flatten" and a final "softmax". */
const Plain = Schema.Literals([...Activation.names, "flatten", "softmax"])

const Simple = Schema.Union([
  Plain,
  Dense,
  Convolution,
  Normalisation,
  pool("max pool"),
  pool("average pool"),
])
type Simple = typeof Simple.Type

/** Sum of two chains on the same input. */
export interface Residual {
  readonly layer: "residual"
  readonly branch: ReadonlyArray<Described>
  readonly shortcut?: ReadonlyArray<Described>
}
export type Described = Simple | Residual

const Layers: Schema.Codec<ReadonlyArray<Described>, ReadonlyArray<Described>> = Schema.Array(
  Schema.Union([
    Simple,
    Schema.Struct({
      layer: Schema.Literal("residual"),
      branch: Schema.suspend(
        (): Schema.Codec<ReadonlyArray<Described>, ReadonlyArray<Described>> => Layers,
      ),
      shortcut: Schema.optionalKey(
        Schema.suspend(
          (): Schema.Codec<ReadonlyArray<Described>, ReadonlyArray<Described>> => Layers,
        ),
      ),
    }),
  ]),
).check(Schema.isMaxLength(most.layers))

export const Description = Schema.Struct({
  version: Schema.Literal(1),
  /** Program that determines the layout of the weights; default "pytorch". */
  from: Schema.optionalKey(Schema.Literals(["pytorch", "keras"])),
  /** Number of features of a sample. For an image: channels, height and width, or with "keras" height, width and channels. */
  input: Schema.Union([Width, Schema.Tuple([Side, Side, Side])]),
  layers: Layers,
  /**
   * Loss of its outputs against targets. The default is the cross entropy of classes and half the squared error of values.
   * "logistic" is the binary cross entropy of logits, as in `torch.nn.BCEWithLogitsLoss`, and includes a final sigmoid.
   */
  loss: Schema.optionalKey(Schema.Literals(["squared", "cross entropy", "logistic"])),
  /** Names of the classes, one for each output. */
  classes: Schema.optionalKey(Schema.Array(Schema.String).check(Schema.isMaxLength(most.width))),
  /** Tensors of the file that no layer uses. */
  ignore: Schema.optionalKey(Schema.Array(Name)),
})
type Fields = typeof Description.Type
export interface Description extends Fields {}
