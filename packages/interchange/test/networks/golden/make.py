"""Makes the files beside it: small networks by PyTorch, Keras and ONNX, and what these programs say of a few samples.

Run where tools/peers/requirements-interchange.txt is installed: python make.py [folder]. Of PyTorch's networks golden.json has the
loss (mean cross entropy), its gradient and one product with its Hessian, tensor by tensor, in float64, batch normalisation frozen; of
all of them the outputs, in float32, by the program that the file is for.
"""

import json
import math
import os
import sys

os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np
import onnx
import onnxruntime
import torch
from safetensors.torch import save_file
from torch import nn

folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
golden = {}


def at(name):
    return os.path.join(folder, name)


def wave(count, f):
    return np.array([f(i) for i in range(count)], dtype=np.float64)


def listed(values):
    """Twelve digits of each number, row by row."""
    return [float(f"{float(value):.12g}") for value in np.asarray(values.detach() if isinstance(values, torch.Tensor) else values).flatten()]


def samples(shape):
    """Four samples of this shape, as the tests make them too."""
    return wave(4 * math.prod(shape), lambda i: 1.3 * math.sin(2.3 * i + 0.4)).reshape(4, *shape).astype(np.float32)


class Branch(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, (1, 3), padding=(0, 1))
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x):
        return self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(2, 4, 3, stride=2, padding=1)
        self.block = Branch(4)
        self.down = nn.Conv2d(4, 6, 1, stride=2)
        self.wide = nn.Conv2d(4, 6, 3, stride=2, padding=1)
        self.fc = nn.Linear(6, 3)

    def forward(self, x):
        x = torch.tanh(self.stem(x))
        x = torch.relu(x + self.block(x))
        x = self.down(x) + torch.tanh(self.wide(x))
        return self.fc(torch.flatten(nn.functional.adaptive_avg_pool2d(x, 1), 1))


def conv():
    return nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1, bias=False),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2, padding=1),
        nn.Conv2d(4, 3, (2, 3), stride=(1, 2), padding=(1, 0)),
        nn.GELU(),
        nn.AvgPool2d(2, stride=1, padding=1),
        nn.Flatten(),
        nn.LazyLinear(5),
        nn.Tanh(),
        nn.BatchNorm1d(5),
        nn.Linear(5, 3),
    )


torches = {
    "mlp-tanh": (nn.Sequential(nn.Linear(5, 8), nn.Tanh(), nn.Linear(8, 6), nn.Tanh(), nn.Linear(6, 3)), (5,)),
    "mlp-gelu": (
        nn.Sequential(nn.Linear(5, 7), nn.GELU(), nn.Dropout(0.5), nn.Linear(7, 6), nn.GELU(approximate="tanh"), nn.Linear(6, 3)),
        (5,),
    ),
    "conv": (conv(), (2, 7, 6)),
    "residual": (Residual(), (2, 8, 7)),
}

for name, (model, shape) in torches.items():
    torch.manual_seed(1)
    x = torch.tensor(samples(shape))
    model.eval()
    model(x)  # lays out lazy layers
    state = model.state_dict()
    for k, (key, tensor) in enumerate(state.items()):
        if not tensor.is_floating_point():
            continue
        values = wave(tensor.numel(), lambda i: math.sin(1.7 * (i + 1) + k))
        if key.endswith("running_var"):
            values = 1 + 0.5 * values
        elif tensor.dim() == 1:
            values = 0.3 * values + (1 if "bn" in key and key.endswith("weight") else 0)
        else:
            values = values * 1.5 / math.sqrt(tensor[0].numel())
        tensor.copy_(torch.tensor(values).reshape(tensor.shape))
    model.load_state_dict(state)
    save_file({key: value.contiguous() for key, value in state.items()}, at(f"{name}.safetensors"))
    if name == "conv":
        np.savez(at("conv.npz"), **{key: value.numpy() for key, value in state.items()})
    with torch.no_grad():
        outputs = model(x).double().numpy()

    double = model.double()
    names = [key for key, _ in double.named_parameters()]
    parameters = [p for _, p in double.named_parameters()]
    direction = [
        torch.tensor(wave(p.numel(), lambda i: math.cos(0.9 * (i + 1)))).reshape(p.shape) for p in parameters
    ]
    labels = [0, 2, 1, 2]
    loss = nn.functional.cross_entropy(double(x.double()), torch.tensor(labels))
    gradient = torch.autograd.grad(loss, parameters, create_graph=True)
    along = sum((g * v).sum() for g, v in zip(gradient, direction))
    product = torch.autograd.grad(along, parameters)
    golden[name] = {
        "outputs": listed(outputs),
        "labels": labels,
        "loss": loss.item(),
        "gradient": {key: listed(g) for key, g in zip(names, gradient)},
        "product": {key: listed(h) for key, h in zip(names, product)},
    }
    model.float()
    for suffix, options in {"": {"opset_version": 17, "dynamo": False}, "-20": {"opset_version": 20, "dynamo": True}}.items():
        if suffix and name not in ("mlp-gelu", "residual"):
            continue
        file = at(f"{name}{suffix}.onnx")
        if options["dynamo"]:
            torch.onnx.export(model, (x,), file, external_data=False, dynamic_shapes=({0: "n"},), **options)
        else:
            # as it stands: neither folded nor fused
            as_is = {"do_constant_folding": False, "training": torch.onnx.TrainingMode.PRESERVE}
            torch.onnx.export(model, (x,), file, input_names=["x"], dynamic_axes={"x": {0: "n"}}, **as_is, **options)
        session = onnxruntime.InferenceSession(file)
        golden[f"{name}{suffix}.onnx"] = {"outputs": listed(session.run(None, {session.get_inputs()[0].name: x.numpy()})[0])}

# numbers in a file beside the model
onnx.save(
    onnx.load(at("mlp-tanh.onnx")), at("external.onnx"), save_as_external_data=True, location="external.bin", size_threshold=0
)
golden["external.onnx"] = golden["mlp-tanh.onnx"]

# the same weights in 16 bits: what they round to is what is read
half = {key: value for key, value in torches["mlp-tanh"][0].state_dict().items()}
save_file(
    {key: value.to(torch.bfloat16 if k % 2 else torch.float16) for k, (key, value) in enumerate(half.items())},
    at("half.safetensors"),
)
with torch.no_grad():
    rounded = torches["mlp-tanh"][0]
    rounded.load_state_dict({key: value.to(torch.bfloat16 if k % 2 else torch.float16).float() for k, (key, value) in enumerate(half.items())})
    golden["half"] = {"outputs": listed(rounded(torch.tensor(samples((5,)))))}
torch.save(half, at("pickle.pt"))

layers = keras.layers
inputs = layers.Input((7, 6, 2), name="image")
stem = layers.Conv2D(4, 3, padding="same", use_bias=False, name="stem")(inputs)
stem = layers.ReLU(name="bend")(layers.BatchNormalization(name="norm")(stem))
branch = layers.Conv2D(4, (1, 3), padding="same", activation="gelu", name="branch")(stem)
total = layers.Add(name="sum")([layers.BatchNormalization(scale=False, name="after")(branch), stem])
small = layers.AveragePooling2D(2, strides=2, padding="same", name="mean")(total)
small = layers.Conv2D(3, 3, strides=2, padding="same", activation="tanh", name="last")(small)
keras_models = {
    "mlp": keras.Sequential(
        [layers.Input((5,)), layers.Dense(8, activation="gelu"), layers.Dropout(0.2), layers.Dense(6, activation="tanh"), layers.Dense(3, activation="softmax")]
    ),
    "conv": keras.Sequential(
        [
            layers.Input((7, 6, 2)),
            layers.Conv2D(4, 3, strides=2, padding="same", activation="relu"),
            layers.BatchNormalization(center=False),
            layers.MaxPooling2D(2, strides=1, padding="same"),
            layers.Flatten(),
            layers.Dense(4),
            layers.Activation("tanh"),
            layers.Dense(3),
        ]
    ),
    "residual": keras.Model(inputs, layers.Dense(3, name="head")(layers.GlobalAveragePooling2D(name="all")(small))),
}
for name, model in keras_models.items():
    for k, variable in enumerate(model.weights):
        values = wave(math.prod(variable.shape), lambda i: math.sin(1.7 * (i + 1) + k))
        if variable.path.endswith("moving_variance"):
            values = 1 + 0.5 * values
        elif len(variable.shape) == 1:
            values = 0.3 * values + (1 if variable.path.endswith("gamma") else 0)
        else:
            values = values * 1.5 / math.sqrt(math.prod(variable.shape[:-1]))
        variable.assign(values.reshape(variable.shape))
    shape = model.input_shape[1:]
    x = samples(shape)
    y = model.predict(x, verbose=0).astype(np.float64)
    # what is read are logits, up to a constant
    logits = np.log(y) if name == "mlp" else y
    for suffix in ("keras",) if name == "conv" else ("keras", "h5"):
        model.save(at(f"{name}.{suffix}"))
        golden[f"{name}.{suffix}"] = {"outputs": listed(logits)}
    if name == "mlp":
        # the same weights for a description
        np.savez(at("keras.npz"), **{v.path.split("/", 1)[1]: v.numpy() for v in model.weights})

with open(at("golden.json"), "w") as file:
    json.dump(golden, file)
