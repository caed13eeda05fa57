"""The steps of SAM on the convolutional network by PyTorch."""

from peers import find, numbers

modules, missing = find(["torch"])


def torch_steps(parameters):
    torch = modules.get("torch")
    if torch is None or parameters["overhead"] == 1:
        return None
    batch = parameters["batch"]

    def tensor(shape, salt, scale):
        size = 1
        for length in shape:
            size *= length
        values = [float(x) * scale for x in numbers(size, salt)]
        return torch.tensor(values, dtype=torch.float32).reshape(shape)

    # TensorFlow.js has channels last: filters are height, width, inputs, outputs
    filters = [tensor((3, 3, 1, 8), 1, 0.2), tensor((3, 3, 8, 16), 2, 0.2)]
    start = [f.permute(3, 2, 0, 1).contiguous() for f in filters] + [tensor((400, 10), 3, 0.2)]
    images = tensor((batch, 28, 28, 1), 9, 1).permute(0, 3, 1, 2).contiguous()
    labels = torch.arange(batch) % 10
    out = [0.0]

    def loss_of(weights):
        x = images
        for w in weights[:2]:
            x = torch.max_pool2d(torch.relu(torch.conv2d(x, w)), 2)
        features = x.permute(0, 2, 3, 1).reshape(batch, 400)
        return torch.nn.functional.cross_entropy(features @ weights[2], labels)

    def run():
        weights = [w.clone().requires_grad_() for w in start]
        for _ in range(5):
            loss = loss_of(weights)
            gradients = torch.autograd.grad(loss, weights)
            norm = torch.sqrt(sum((g * g).sum() for g in gradients))
            with torch.no_grad():
                moved = [w + 0.05 * g / norm for w, g in zip(weights, gradients)]
            moved = [w.requires_grad_() for w in moved]
            second = torch.autograd.grad(loss_of(moved), moved)
            with torch.no_grad():
                for w, g in zip(weights, second):
                    w -= 0.05 * g
            out[0] = loss.item()

    return run, lambda: out


implementations = {"torch": torch_steps}
