"""The module as a user has it, installed from the wheel; what needs pandas, PyTorch or JAX is skipped where there is none."""

import contextlib
import doctest
import importlib
import io
import math
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import nonconvex
from nonconvex import NonconvexError, _tables


def installed(*names):
    found = []
    for name in names:
        try:
            found.append(importlib.import_module(name))
        except ImportError:
            raise unittest.SkipTest(f"{name} is not installed") from None
    return found


def bowl(curvatures):
    """A quadratic with these curvatures: gradient and Hessian products."""
    gradient = lambda x: (sum(c * a * a for c, a in zip(curvatures, x)) / 2, [c * a for c, a in zip(curvatures, x)])
    return gradient, lambda x, v: [c * a for c, a in zip(curvatures, v)]


class Nonconvex(unittest.TestCase):
    def test_examples(self):
        failed, count = doctest.testmod(nonconvex)
        self.assertGreaterEqual(count, 8)
        self.assertEqual(failed, 0)

    def test_certificate_of_known_curvature(self):
        gradient, product = bowl([3.0, 0.5, 0.25])
        asked = []
        found = nonconvex.certify_functions(
            [0.0, 0.0, 0.0], lambda x: asked.append(x) or gradient(x), product, least=0.0
        )["certificate"]
        self.assertAlmostEqual(found["trace"]["estimate"], 3.75, places=9)
        self.assertAlmostEqual(found["topEigenvalue"], 3.0, places=9)
        self.assertEqual(len(asked[0]), 3)

    def test_errors_of_the_loss_are_raised_here(self):
        def gradient(x):
            raise ZeroDivisionError("no such thing")

        with self.assertRaisesRegex(ZeroDivisionError, "no such thing"):
            nonconvex.certify_functions([1.0], gradient, lambda x, v: v)
        with self.assertRaisesRegex(ValueError, "2 numbers, where the point has 1"):
            nonconvex.certify_functions([1.0], lambda x: (0.0, [1.0, 2.0]), lambda x, v: v)

    def test_a_wrong_product_is_refused(self):
        gradient, _ = bowl([3.0, 0.5])
        with self.assertRaisesRegex(NonconvexError, "gradient|Hessian|product") as caught:
            nonconvex.certify_functions([1.0, 1.0], gradient, lambda x, v: [2 * v[1], v[0]])
        self.assertEqual(caught.exception.code, 1)
        self.assertNotIn("_relay", str(caught.exception))

    def test_messages(self):
        with self.assertRaisesRegex(NonconvexError, "nowhere.csv: no such file; check the path"):
            nonconvex.solve("nowhere.csv")
        with self.assertRaisesRegex(NonconvexError, "--rank"):
            nonconvex.complete([[1.0, None], [2.0, 3.0]], rank=-1)
        with self.assertRaisesRegex(NonconvexError, "nonsense"):
            nonconvex.solve([[1, 2], [3, 4]], nonsense=True)

    def test_completion_keeps_the_form(self):
        rows = [[(i + 1.0) * (j + 1) if (i + j) % 4 else None for j in range(8)] for i in range(10)]
        table, report = nonconvex.complete(rows, rank=1)
        self.assertEqual([len(table), len(table[0])], [10, 8])
        for i in range(10):
            for j in range(8):
                self.assertAlmostEqual(table[i][j], (i + 1.0) * (j + 1), delta=1e-3)
                if rows[i][j] is not None:
                    self.assertEqual(table[i][j], rows[i][j])
        self.assertEqual(report["rank"], 1)

    def test_numbers_survive_the_file(self):
        given = [[0.1, 1e-300, 12345678901234567.0], [-2.5e10, 1 / 3, 5e-324]]
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(_tables.read(_tables.write(given, folder), given), given)

    def test_frames(self):
        numpy, pandas = installed("numpy", "pandas")
        whole = numpy.outer(numpy.arange(1, 21), numpy.arange(1, 7)).astype(float)
        frame = pandas.DataFrame(whole, index=[f"r{i}" for i in range(20)], columns=list("abcdef"))
        frame.iloc[::3, 1] = numpy.nan
        filled = nonconvex.complete(frame, rank=1).table
        self.assertEqual([*filled.index], [*frame.index])
        self.assertLess(numpy.abs(filled.to_numpy() - whole).max(), 1e-3)
        array = nonconvex.complete(frame.to_numpy(), rank=1).table
        self.assertEqual(array.shape, (20, 6))
        losses = pandas.DataFrame({"step": range(50), "loss": [2 * 0.9**step for step in range(50)]})
        self.assertEqual(nonconvex.diagnose(losses, optimizer="sgd", batch="full")["events"], [])

    def test_a_ledger_counts_releases(self):
        people = [["a", "b"], *[[math.sin(k), math.cos(3 * k)] for k in range(200)]]
        with tempfile.TemporaryDirectory() as folder:
            known = {"ledger": Path(folder) / "people.ledger", "dataset": "people", "neighbours": "replace"}
            ask = {"bound": 1, "rank": 1, "delta": 1e-6, **known}
            first = nonconvex.release(
                people, epsilon=1, create_ledger=True, total_epsilon=2, total_delta=1e-5, **ask
            )
            self.assertEqual(first["epsilon"], 1)
            with self.assertRaisesRegex(NonconvexError, "the budget is epsilon 2"):
                nonconvex.release(people, epsilon=5, **ask)

    def test_worst_case(self):
        method = {
            "functions": {"f": {"class": "smooth-convex", "L": 1}},
            "start": ["x"],
            "steps": [{"repeat": 2, "steps": [{"step": "x", "of": "f", "rate": 1}]}],
            "given": [{"bound": {"squaredDistance": ["x@0", "x*"]}, "atMost": 1}],
            "measure": {"gap": "x"},
        }
        with tempfile.TemporaryDirectory() as folder:
            proof = Path(folder) / "proof.json"
            found = nonconvex.worst_case(method, certificate=proof)
            self.assertAlmostEqual(found["bound"], 0.1, places=6)
            self.assertEqual(found["kind"], "exact")
            self.assertTrue(nonconvex.run("check", proof))
        with self.assertRaisesRegex(NonconvexError, "measure"):
            nonconvex.worst_case({**method, "measure": {"nothing": "x"}})

    def test_a_sweep_of_a_script(self):
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / "train.py"
            script.write_text("import json, sys; print(json.dumps({'loss': (float(sys.argv[1]) - 2) ** 2}))")
            found = nonconvex.run(
                "sweep",
                command=f'"{sys.executable}" "{script}" {{x}}',
                grid="x=1,2,4",
                metric="last(loss)",
                least=True,
                no_store=True,
            )
            self.assertEqual([each["settings"]["x"] for each in found["candidates"]], [2, 1, 4])

    def test_torch(self):
        (torch,) = installed("torch")
        torch.manual_seed(0)
        model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2)).double()
        inputs, labels = torch.randn(20, 3).double(), torch.randint(0, 2, (20,))
        before = [p.clone() for p in model.parameters()]
        loss = torch.nn.functional.cross_entropy
        found = nonconvex.certify(model, loss, (inputs, labels), least=0.0)["certificate"]
        self.assertTrue(all((a == b).all() for a, b in zip(before, model.parameters())))
        names = [name for name, _ in model.named_parameters()]
        call = lambda *p: loss(torch.func.functional_call(model, dict(zip(names, p)), (inputs,)), labels)
        blocks = torch.autograd.functional.hessian(call, tuple(before))
        sizes = [p.numel() for p in before]
        whole = torch.cat([torch.cat([b.reshape(n, -1) for b in row], 1) for n, row in zip(sizes, blocks)])
        self.assertAlmostEqual(found["trace"]["estimate"], whole.trace().item(), places=8)
        self.assertAlmostEqual(found["topEigenvalue"], torch.linalg.eigvalsh(whole)[-1].item(), places=8)

    def test_jax(self):
        (jax,) = installed("jax")
        jax.config.update("jax_enable_x64", True)
        scales = jax.numpy.asarray([3.0, 0.5])
        loss = lambda parameters, scale: (scale * parameters["w"] ** 2).sum() / 2 + parameters["b"] ** 2
        parameters = {"w": jax.numpy.zeros(2), "b": jax.numpy.zeros(())}
        found = nonconvex.certify(parameters, loss, (scales,), least=0.0)["certificate"]
        self.assertAlmostEqual(found["trace"]["estimate"], 5.5, places=9)

    def test_a_trained_network_in_torch(self):
        numpy, torch, safetensors = installed("numpy", "torch", "safetensors.torch")
        nn = torch.nn

        class Block(nn.Module):
            def __init__(self, a, b, stride):
                super().__init__()
                self.conv1, self.bn1 = nn.Conv2d(a, b, 3, stride, 1, bias=False), nn.BatchNorm2d(b)
                self.conv2, self.bn2 = nn.Conv2d(b, b, 3, 1, 1, bias=False), nn.BatchNorm2d(b)
                wider = [nn.Conv2d(a, b, 1, stride, bias=False), nn.BatchNorm2d(b)]
                self.shortcut = nn.Sequential(*([] if stride == 1 else wider))

            def forward(self, x):
                inner = torch.relu(self.bn1(self.conv1(x)))
                return torch.relu(self.bn2(self.conv2(inner)) + self.shortcut(x))

        class Net(nn.Module):
            def __init__(self, channels, classes, k):
                super().__init__()
                self.conv1, self.bn1 = nn.Conv2d(channels, k, 3, 1, 1, bias=False), nn.BatchNorm2d(k)
                self.layer1, self.layer2, self.layer3 = Block(k, k, 1), Block(k, 2 * k, 2), Block(2 * k, 4 * k, 2)
                self.fc = nn.Linear(4 * k, classes)

            def forward(self, x):
                inner = self.layer1(torch.relu(self.bn1(self.conv1(x))))
                return self.fc(self.layer3(self.layer2(inner)).mean((2, 3)))

        draw = numpy.random.default_rng(0)
        labels = numpy.repeat([0, 1, 2], 20)
        images = draw.integers(0, 256, (60, 13, 16, 3))
        images[labels == 1, :8] //= 2
        images[labels == 2, :, :8] //= 2
        with tempfile.TemporaryDirectory() as folder:
            data, network = Path(folder) / "images.npz", Path(folder) / "net.safetensors"
            numpy.savez(data, x=images.astype(numpy.uint8), y=labels)
            nonconvex.run("train", data, network="resnet8", method="plain", channels=4, epochs=3, save=network)
            table = Path(folder) / "predicted.csv"
            nonconvex.run("predict", network, data, save=table)
            predicted = [int(line) for line in table.read_text().split()[1:]]
            net = Net(3, 3, 4)
            net.load_state_dict(safetensors.load_file(network), strict=True)
            net.eval()
            outputs = net(torch.tensor(images / 255.0, dtype=torch.float32).permute(0, 3, 1, 2))
        self.assertEqual(outputs.argmax(1).tolist(), predicted)
        self.assertGreater(len(set(predicted)), 1)

    def test_command_line(self):
        program = Path(sys.executable).with_name("nonconvex")
        done = subprocess.run([program, "--version"], capture_output=True, text=True)
        self.assertRegex(done.stdout, r"^nonconvex v\d")
        wrong = subprocess.run([program, "solve", "nowhere.csv"], capture_output=True, text=True)
        self.assertEqual(wrong.returncode, 1)


if __name__ == "__main__":
    with contextlib.suppress(KeyError):
        # nothing of the checkout is imported in place of what is installed
        sys.path.remove(os.path.dirname(os.path.abspath(__file__)))
    unittest.main(verbosity=2)
