"""PyTorch: a row a step of what makes nonconvex diagnose sure of the cause of a spike. Call `before_step` between backward and step.
`control_loss()` is the loss of one batch that stays, on which 15 products measure the sharpness. PATH.json has the settings."""
import json, torch

class SpikeLog:
    def __init__(self, path, model, optimizer, control_loss, every=20, batch_size=None):
        self.model, self.optimizer, self.control_loss, self.every = model, optimizer, control_loss, every
        self.write = lambda *row, file=open(path, "w"): print(*row, sep=",", file=file, flush=True)
        self.write("step", "loss", "lr", "grad_norm", "control_loss", "sharpness")
        json.dump({"optimizer": type(optimizer).__name__, "batch_size": batch_size, **optimizer.defaults}, open(f"{path}.json", "w"), default=str)
        self.step, self.start, self.parameters = 0, None, [p for p in model.parameters() if p.requires_grad]

    def before_step(self, loss):
        norm = self.flat(p.grad for p in self.parameters if p.grad is not None).norm().item()
        self.write(self.step, float(loss), self.optimizer.param_groups[0]["lr"], norm, *self.measured())
        self.step += 1

    def measured(self):
        was, _ = self.model.training, self.model.eval()  # no dropout, and statistics of batches stay
        with torch.enable_grad():
            loss = self.control_loss()
            sharpness = self.sharpness(loss) if self.step % self.every == 0 and loss.isfinite() else ""
        self.model.train(was)
        return loss.item(), sharpness

    def sharpness(self, loss):  # the top eigenvalue of the Hessian, of Adam of the one that its steps divide
        slope = self.flat(torch.autograd.grad(loss, self.parameters, create_graph=True, materialize_grads=True))
        adam = [(g, p, self.optimizer.state[p]) for g in self.optimizer.param_groups for p in g["params"] if self.optimizer.state.get(p)]
        root = {p: (s["exp_avg_sq"] / (1 - g["betas"][1] ** float(s["step"]))).sqrt() + g["eps"] for g, p, s in adam if "exp_avg_sq" in s}
        root = self.flat(root.get(p, torch.ones_like(p)) for p in self.parameters).sqrt()
        v = torch.linspace(1, 2, slope.numel()).to(slope) if self.start is None else self.start
        for _ in range(15):  # power iteration, from where the last one ended
            v = v / v.norm()
            product = torch.autograd.grad(slope @ (v / root), self.parameters, retain_graph=True, materialize_grads=True)
            v, top = self.flat(product) / root, (v @ (self.flat(product) / root)).item()
        self.start = v.detach()
        return top

    def flat(self, parts):
        return torch.cat([part.reshape(-1) for part in parts])
