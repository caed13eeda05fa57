"""
Small real logs, each written by the program that its folder is named after, of trainings whose faults are known: a learning rate that
is raised, a corrupt batch, a loss that becomes NaN, a run that is resumed.

    python packages/interchange/scripts/logs.py packages/interchange/test/fixtures/logs

Needs what tools/peers/requirements.txt and requirements-interchange.txt pin. Times and identifiers differ from run to run; numbers do not.
"""

import gzip
import json
import logging
import os
import shutil
import sqlite3
import sys
import tempfile
import warnings

import numpy as np
import torch

os.environ["MLFLOW_ENABLE_ASYNC_LOGGING"] = "false"
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
torch.set_num_threads(1)

SAMPLES, INPUTS, WIDTH = 64, 5, 16


def problem():
    torch.manual_seed(0)
    x = torch.randn(SAMPLES, INPUTS)
    y = (x @ torch.randn(INPUTS, 1)).tanh()
    model = torch.nn.Sequential(torch.nn.Linear(INPUTS, WIDTH), torch.nn.Tanh(), torch.nn.Linear(WIDTH, 1))
    return model, x, y


def train(steps, rate=lambda t: 0.05, batch=None, bad=None, nan=None, adam=False):
    """Yields step, loss, rate and norm of the gradient, and the loss of a batch that stays, of each step before it is taken."""
    model, x, y = problem()
    optimizer = (torch.optim.Adam if adam else torch.optim.SGD)(model.parameters(), lr=rate(0))
    mse = torch.nn.functional.mse_loss
    draw = torch.Generator().manual_seed(1)
    for t in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = rate(t)
        at = torch.arange(SAMPLES) if batch is None else torch.randint(SAMPLES, (batch,), generator=draw)
        target = y[at] + 30 if t == bad else y[at]
        with torch.no_grad():
            control = mse(model(x[:16]), y[:16]).item()
        loss = mse(model(x[at]), target)
        if t == nan:
            loss = loss * float("nan")
        optimizer.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1e9).item()
        yield t, loss.item(), rate(t), norm, control
        optimizer.step()


def raised(t):
    return 0.05 if t < 60 else 3.0


def tensorboard(out):
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter(f"{out}/raised-rate") as writer:
        for t, loss, lr, norm, _ in train(75, raised):
            writer.add_scalar("train/loss", loss, t)
            writer.add_scalar("train/lr", lr, t, new_style=True)
            writer.add_scalar("train/grad_norm", norm, t, new_style=True)
        writer.add_text("note", "made by a script")
        writer.add_histogram("weights", np.arange(10.0), 0)
    rows = list(train(60))
    for part, (start, end) in enumerate([(0, 45), (30, 60)]):
        with SummaryWriter(f"{out}/resumed", filename_suffix=f".{part}") as writer:
            for t, loss, lr, _, _ in rows[start:end]:
                writer.add_scalar("loss", loss, t)
                writer.add_scalar("lr", lr, t)


def tensorboardx(out):
    from tensorboardX import SummaryWriter

    with SummaryWriter(f"{out}/bad-batch") as writer:
        for t, loss, lr, norm, control in train(90, batch=16, bad=70):
            writer.add_scalar("loss", loss, t)
            writer.add_scalar("lr", lr, t)
            writer.add_scalar("grad_norm", norm, t)
            writer.add_scalar("control_loss", control, t)


def huggingface(out):
    from transformers import Trainer, TrainerCallback, TrainingArguments

    class Rows(torch.utils.data.Dataset):
        def __init__(self, bad=None):
            _, x, y = problem()
            self.x, self.y = x.repeat(6, 1), y.repeat(6, 1)
            if bad is not None:
                self.y[bad * 4 : bad * 4 + 4] += 30

        def __len__(self):
            return len(self.x)

        def __getitem__(self, i):
            return {"x": self.x[i], "labels": self.y[i]}

    class Model(torch.nn.Module):
        def __init__(self, nan=None):
            super().__init__()
            self.inner, self.nan, self.calls = problem()[0], nan, 0

        def forward(self, x, labels):
            loss = torch.nn.functional.mse_loss(self.inner(x), labels)
            self.calls += 1
            return {"loss": loss * float("nan") if self.calls - 1 == self.nan else loss}

    class InOrder(Trainer):
        def _get_train_sampler(self, *_):
            return torch.utils.data.SequentialSampler(self.train_dataset)

    for name, every, nan, bad in [("nan", 1, 40, None), ("averaged", 5, None, 45)]:
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            arguments = TrainingArguments(
                output_dir="run", max_steps=60, per_device_train_batch_size=4, learning_rate=1e-3, logging_steps=every,
                save_steps=30, report_to=["tensorboard"] if name == "nan" else [], use_cpu=True, seed=0, disable_tqdm=True,
                lr_scheduler_type="constant", dataloader_num_workers=0,
            )
            InOrder(model=Model(nan), args=arguments, train_dataset=Rows(bad)).train()
            for step in (30, 60):
                os.makedirs(f"{out}/{name}/checkpoint-{step}")
                shutil.copy(f"{folder}/run/checkpoint-{step}/trainer_state.json", f"{out}/{name}/checkpoint-{step}/trainer_state.json")
            if name == "nan":
                for at, _, files in os.walk(folder):
                    for file in files:
                        if "tfevents" in file:
                            os.makedirs(f"{out}/events", exist_ok=True)
                            shutil.copy(f"{at}/{file}", f"{out}/events/{file}")
            os.chdir("/")


def lightning(out):
    import lightning as L
    from lightning.pytorch.callbacks import LearningRateMonitor
    from lightning.pytorch.loggers import CSVLogger

    class Module(L.LightningModule):
        def __init__(self):
            super().__init__()
            self.model = problem()[0]

        def training_step(self, batch, index):
            x, y = batch
            if self.global_step >= 60:
                for group in self.optimizers().param_groups:
                    group["lr"] = 3.0
            loss = torch.nn.functional.mse_loss(self.model(x), y)
            self.log("train_loss", loss)
            return loss

        def validation_step(self, batch, index):
            x, y = batch
            self.log("val_loss", torch.nn.functional.mse_loss(self.model(x), y))

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), lr=0.05)

    for every in (1, 5):
        torch.manual_seed(0)
        _, x, y = problem()
        loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=SAMPLES)
        with tempfile.TemporaryDirectory() as folder:
            trainer = L.Trainer(
                max_epochs=75, logger=CSVLogger(folder, name="run"), log_every_n_steps=every, accelerator="cpu",
                callbacks=[LearningRateMonitor("step")], enable_progress_bar=False, enable_model_summary=False,
                enable_checkpointing=False, check_val_every_n_epoch=10,
            )
            trainer.fit(Module(), loader, loader)
            os.makedirs(f"{out}/version_{0 if every == 1 else 1}")
            shutil.copy(f"{folder}/run/version_0/metrics.csv", f"{out}/version_{0 if every == 1 else 1}/metrics.csv")


def mlflow(out):
    import mlflow as m

    def run(name, adam, **settings):
        with m.start_run(run_name=name):
            m.log_params({"optimizer": "Adam" if adam else "SGD", "batch_size": settings.get("batch") or SAMPLES})
            for t, loss, lr, norm, _ in train(75, adam=adam, **settings):
                m.log_metric("train/loss", loss, step=t)
                m.log_metric("lr", lr, step=t)
                m.log_metric("grad_norm", norm, step=t)

    os.makedirs(out)
    with tempfile.TemporaryDirectory() as folder:
        m.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
        m.create_experiment("spikes", artifact_location="mlflow-artifacts:/spikes")
        m.set_experiment("spikes")
        run("raised-rate", False, rate=raised)
        run("not-a-number", True, batch=16, nan=50, rate=lambda t: 1e-3)
        with sqlite3.connect(f"{folder}/mlflow.db") as database:
            database.execute("UPDATE experiments SET artifact_location = 'mlflow-artifacts:/' WHERE experiment_id = 0")
            database.commit()
            database.execute("PRAGMA journal_mode = DELETE")
            database.isolation_level = None
            database.execute("PRAGMA page_size = 512")
            database.execute("VACUUM")
        with open(f"{folder}/mlflow.db", "rb") as whole, gzip.GzipFile(f"{out}/mlflow.db.gz", "wb", mtime=0) as packed:
            packed.write(whole.read())
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
        m.set_tracking_uri(f"file://{folder}/mlruns")
        m.create_experiment("spikes", artifact_location="mlflow-artifacts:/spikes")
        m.set_experiment("spikes")
        run("raised-rate", False, rate=raised)
        shutil.copytree(f"{folder}/mlruns", f"{out}/mlruns", ignore=shutil.ignore_patterns("tags", "artifacts", "models", ".trash", "0"))


def histories(out):
    """As Weights & Biases exports them: rows of scan_history, a table of it, and the history artifact as Parquet."""
    import pandas
    import polars

    os.makedirs(out)
    rows = [
        {"_step": t, "_runtime": t / 4, "_timestamp": 1.7e9 + t / 4, "train": {"loss": loss, "lr": lr}, "grad_norm": norm}
        for t, loss, lr, norm, _ in train(60, batch=16, nan=45)
    ]
    with open(f"{out}/history.jsonl", "w") as file:
        for row in rows:
            file.write(json.dumps(row) + "\n")
    flat = [{"_step": t, "_runtime": t / 4, "train/loss": loss, "train/lr": lr, "grad_norm": norm} for t, loss, lr, norm, _ in train(75, raised)]
    frame = pandas.DataFrame(flat)
    frame.to_csv(f"{out}/history.csv", index=False)
    os.makedirs(f"{out}/artifact")
    polars.DataFrame(flat[:40]).write_parquet(f"{out}/artifact/0000.parquet", compression="zstd")
    frame[40:].to_parquet(f"{out}/artifact/0001.parquet", compression="snappy", index=False)


if __name__ == "__main__":
    target = os.path.abspath(sys.argv[1])
    parts = {"tensorboard": tensorboard, "tensorboardx": tensorboardx, "huggingface": huggingface, "lightning": lightning, "mlflow": mlflow, "histories": histories}
    for name in sys.argv[2:] or parts:
        shutil.rmtree(f"{target}/{name}", ignore_errors=True)
        parts[name](f"{target}/{name}")
