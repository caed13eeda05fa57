"""Network of the layers of MobileNetV2 as PyTorch exports it, its batch normalisation and padding merged, and with padding of its own: outputs, gradient, product."""

import json
import math
import pathlib

import onnx
import torch
from torch import nn

here = pathlib.Path(__file__).parent
torch.manual_seed(0)


def conv(inputs, outputs, size, stride=1, padding=0, groups=1):
    return [nn.Conv2d(inputs, outputs, size, stride, padding, groups=groups, bias=False), nn.BatchNorm2d(outputs)]


class Inverted(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            *conv(4, 8, 1), nn.ReLU6(), *conv(8, 8, 3, padding=1, groups=8), nn.ReLU6(), *conv(8, 4, 1)
        )

    def forward(self, x):
        return x + self.body(x)


net = nn.Sequential(
    nn.ZeroPad2d((0, 1, 0, 1)),
    *conv(2, 4, 3, stride=2),
    nn.ReLU6(),
    Inverted(),
    nn.ZeroPad2d((0, 1, 0, 1)),
    nn.Conv2d(4, 4, 3, 2, groups=4),
    nn.Tanh(),
    nn.AdaptiveAvgPool2d(1),
    nn.Flatten(),
    nn.Linear(4, 3),
)
for module in net.modules():
    if isinstance(module, nn.BatchNorm2d):
        module.running_mean.normal_(0, 0.3)
        module.running_var.uniform_(0.02, 0.3)
        nn.init.uniform_(module.weight, 0.5, 3)
net.eval()
x = torch.tensor([1.3 * math.sin(2.3 * i + 0.4) for i in range(4 * 84)]).view(4, 2, 7, 6)
y = torch.tensor([0, 2, 1, 2])
torch.onnx.export(
    net,
    (x[:2],),
    here / "mobile.onnx",
    input_names=["x"],
    dynamo=True,
    external_data=False,
    dynamic_shapes=({0: torch.export.Dim.DYNAMIC},),
)
graph = onnx.load(here / "mobile.onnx")
del graph.metadata_props[:]
for node in graph.graph.node:
    del node.metadata_props[:]
del graph.graph.value_info[:]
onnx.save(graph, here / "mobile.onnx")
first = graph.graph.node[0]
pads = next(each for each in first.attribute if each.name == "pads")
top, left, bottom, right = pads.ints
pads.ints[:] = [0, 0, 0, 0]
graph.graph.initializer.append(
    onnx.numpy_helper.from_array(torch.tensor([0, 0, top, left, 0, 0, bottom, right]).numpy(), "margins")
)
graph.graph.node.insert(0, onnx.helper.make_node("Pad", ["x", "margins"], ["padded"]))
first.input[0] = "padded"
onnx.save(graph, here / "mobile-padded.onnx")

# the derivatives are those of the merged network
for parent in (net, net[4].body):
    for k in range(len(parent) - 1):
        if isinstance(parent[k + 1], nn.BatchNorm2d):
            parent[k] = nn.utils.fusion.fuse_conv_bn_eval(parent[k], parent[k + 1])
            parent[k + 1] = nn.Identity()
net.double().requires_grad_(True)
names, parameters = zip(*net.named_parameters())
own = ("6.bias", "10.bias")
names = [n.replace(".bias", ".weight_bias") if n.endswith("bias") and n not in own else n for n in names]
outputs = net(x.double())
loss = nn.functional.cross_entropy(outputs, y)
gradient = torch.autograd.grad(loss, parameters, create_graph=True)
direction = [torch.sin(1.7 * torch.arange(p.numel(), dtype=torch.float64)).view_as(p) for p in parameters]
product = torch.autograd.grad(sum((g * v).sum() for g, v in zip(gradient, direction)), parameters)
flat = lambda all: {name: each.detach().flatten().tolist() for name, each in zip(names, all)}
(here / "mobile.json").write_text(
    json.dumps(
        {
            "outputs": outputs.detach().flatten().tolist(),
            "loss": loss.item(),
            "gradient": flat(gradient),
            "direction": flat(direction),
            "product": flat(product),
        }
    )
    + "\n"
)
