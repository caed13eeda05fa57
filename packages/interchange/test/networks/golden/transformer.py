"""Transformers as PyTorch exports them, by both exporters: outputs, loss, gradient g, and products with the Hessian H, in float64."""

import json
import math
import pathlib
import warnings

import onnx
import torch
from torch import nn

warnings.filterwarnings("ignore")
here = pathlib.Path(__file__).parent / "transformers"
here.mkdir(exist_ok=True)
torch.manual_seed(0)


class Separate(nn.Module):
    """Queries, keys and values by three layers; normalised after the sum, as in BERT."""

    def __init__(self, width=4, heads=2):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.o = [nn.Linear(width, width) for _ in range(4)]
        self.n, self.m = nn.LayerNorm(width), nn.LayerNorm(width)
        self.f = nn.Sequential(nn.Linear(width, 6), nn.GELU(), nn.Linear(6, width))

    def forward(self, x):
        n, t, d = x.shape
        q, k, v = [each(x).view(n, t, self.heads, -1).transpose(1, 2) for each in (self.q, self.k, self.v)]
        shares = torch.softmax(q @ k.transpose(-2, -1) / math.sqrt(d // self.heads), -1)
        x = self.n(x + self.o((shares @ v).transpose(1, 2).reshape(n, t, d)))
        return self.m(x + self.f(x))


class Causal(nn.Module):
    """One layer for queries, keys and values, normalised before it, and a mask, as in GPT."""

    def __init__(self, width=4, heads=2):
        super().__init__()
        self.heads = heads
        self.a, self.o = nn.Linear(width, 3 * width), nn.Linear(width, width, bias=False)
        self.n, self.m = nn.LayerNorm(width), nn.LayerNorm(width)
        self.f = nn.Sequential(nn.Linear(width, 6), nn.GELU(approximate="tanh"), nn.Linear(6, width))

    def forward(self, x):
        n, t, d = x.shape
        q, k, v = [each.view(n, t, self.heads, -1).transpose(1, 2) for each in self.a(self.n(x)).split(d, 2)]
        a = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.o(a.transpose(1, 2).reshape(n, t, d))
        return x + self.f(self.m(x))


class OfIntegers(nn.Module):
    def __init__(self, body, pool):
        super().__init__()
        self.e, self.p = nn.Embedding(7, 4), nn.Parameter(torch.randn(5, 4))
        self.b, self.h, self.pool = body, nn.Linear(4, 3), pool

    def forward(self, i):
        x = self.b(self.e(i) + self.p)
        return self.h(x.mean(1) if self.pool == "mean" else x[:, self.pool])


class OfImages(nn.Module):
    """Patches and a class token, as in a vision transformer."""

    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(1, 4, 2, 2)
        self.t, self.p = nn.Parameter(torch.randn(1, 1, 4)), nn.Parameter(torch.randn(1, 5, 4))
        self.b, self.n, self.h = encoder(norm_first=True, activation="gelu"), nn.LayerNorm(4), nn.Linear(4, 3)

    def forward(self, x):
        x = self.c(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.t.expand(x.shape[0], -1, -1), x], 1) + self.p
        return self.h(self.n(self.b(x))[:, 0])


def encoder(layers=1, **options):
    layer = nn.TransformerEncoderLayer(4, 2, 6, batch_first=True, **options)
    return nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)


integers = torch.tensor([(3 * i + i * i // 4) % 7 for i in range(20)]).view(4, 5)
waves = torch.tensor([1.3 * math.sin(2.3 * i + 0.4) for i in range(64)])
networks = {
    "separate": (OfIntegers(Separate(), "mean"), integers),
    "causal": (OfIntegers(Causal(), -1), integers),
    "encoder": (nn.Sequential(nn.Linear(3, 4), encoder(2), nn.Flatten(), nn.Linear(20, 3)), waves[:60].view(4, 5, 3)),
    "vision": (OfImages(), waves.view(4, 1, 4, 4)),
}
labels = torch.tensor([0, 2, 1, 2])
golden = {}
for name, (net, x) in networks.items():
    net.eval()
    for p in net.parameters():
        p.data = p.data + 0.3 * torch.randn_like(p)
    for isNew in (True, False):
        path = here / f"{name}-{'new' if isNew else 'old'}.onnx"
        options = (
            {"dynamo": True, "external_data": False, "verbose": False, "dynamic_shapes": ({0: torch.export.Dim.DYNAMIC},)}
            if isNew
            else {"dynamo": False, "opset_version": 14, "dynamic_axes": {"x": {0: "n"}}}
        )
        torch.onnx.export(net, (x[:2],), path, input_names=["x"], **options)
        graph = onnx.load(path)
        del graph.metadata_props[:]
        del graph.graph.value_info[:]
        for node in graph.graph.node:
            del node.metadata_props[:]
            node.doc_string = ""
        onnx.save(graph, path)
    net.double()
    x = x.double() if x.is_floating_point() else x
    parameters = list(net.parameters())

    def lossAt(*given):
        named = dict(zip([n for n, _ in net.named_parameters()], given))
        return nn.functional.cross_entropy(torch.func.functional_call(net, named, (x,)), labels)

    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        loss = lossAt(*parameters)
        g = torch.autograd.grad(loss, parameters, create_graph=True)
        flat = torch.cat([each.flatten() for each in g])
        rows = [
            torch.cat([each.flatten() for each in torch.autograd.grad(flat[i], parameters, retain_graph=True, materialize_grads=True)])
            for i in range(flat.numel())
        ]
    hessian, g = torch.stack(rows), flat.detach()
    golden[name] = {
        "inputs": x.flatten().tolist(),
        "outputs": net(x).flatten().tolist(),
        "parameters": flat.numel(),
        "loss": loss.item(),
        "gg": (g @ g).item(),
        "gHg": (g @ hessian @ g).item(),
        "gHHg": ((hessian @ g) @ (hessian @ g)).item(),
        "trace": hessian.trace().item(),
        "eigenvalues": torch.linalg.eigvalsh(hessian).flip(0)[:3].tolist(),
    }
(here / "golden.json").write_text(json.dumps(golden) + "\n")
