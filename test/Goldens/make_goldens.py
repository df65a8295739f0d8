#!/usr/bin/python3
"""Makes every number in this folder with PyTorch. See README.md beside it.

Inputs and initial values are float32; PyTorch then computes in float64, so that what is written is exact to the
last float32 digit and does not depend on a BLAS library. Every array is flat, row-major, in shortest digits.
"""
import sys

sys.dont_write_bytecode = True

import numpy as np
import torch
from torch import nn

from golden_format import HERE, flat, uniform, write
from network_goldens import make_dropout, make_networks

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


# ---------------------------------------------------------------------------------------------------------------
# Models: a stacked recurrent network, and a linear head on its last step.

class Model(nn.Module):
    def __init__(self, cell, features, hidden, layers, outputs):
        super().__init__()
        # The attribute's name is part of every parameter's name.
        if cell == "lstm":
            self.lstm = nn.LSTM(features, hidden, layers)
        else:
            self.rnn = nn.RNN(features, hidden, layers, nonlinearity="tanh")
        self.head = nn.Linear(hidden, outputs)

    def forward(self, inputs):
        recurrent = self.lstm if hasattr(self, "lstm") else self.rnn
        return self.head(recurrent(inputs)[0][-1])


def make_model(generator, spec, scale=1.0):
    """PyTorch's initialisation range, times scale."""
    model = Model(spec["cell"], spec["features"], spec["hidden"], spec["layers"], spec["outputs"])
    bound = scale / spec["hidden"] ** 0.5
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(uniform(generator, tuple(parameter.shape), -bound, bound))
    return model


def make_loss(text, outputs, targets, weights):
    """The mean over the observed targets; cross entropy is the mean over the sequences, its targets one-hot."""
    name, _, argument = text.partition(":")
    if name == "mse":
        each = nn.functional.mse_loss(outputs, targets, reduction="none")
    elif name == "huber":
        each = nn.functional.huber_loss(outputs, targets, reduction="none", delta=float(argument))
    elif name == "crossentropy":
        return nn.functional.cross_entropy(outputs, targets.argmax(1))
    else:
        raise ValueError(text)
    return (each * weights).sum() / weights.sum()


def make_targets(generator, loss, batch, outputs):
    if loss == "crossentropy":
        return torch.eye(outputs)[torch.from_numpy(generator.randint(0, outputs, batch))]
    return uniform(generator, (batch, outputs), -1.5, 1.5)


def by_name(model, what):
    return {name: flat(what(parameter)) for name, parameter in model.named_parameters()}


MODELS = [
    # cell, features, hidden, layers, outputs, steps, batch, loss, share of missing targets, scale of the weights
    ("lstm", 1, 1, 1, 1, 1, 1, "mse", 0, 1),
    ("lstm", 3, 5, 1, 1, 7, 2, "mse", 0, 1),
    ("lstm", 1, 33, 1, 5, 24, 3, "mse", 0.4, 1),
    ("lstm", 4, 16, 2, 2, 12, 8, "mse", 0, 2),
    ("lstm", 7, 17, 2, 3, 9, 5, "huber:0.5", 0.3, 1),
    ("lstm", 2, 9, 3, 4, 5, 6, "crossentropy", 0, 3),
    ("lstm", 19, 8, 1, 2, 3, 37, "huber:1", 0, 4),
    ("tanh", 1, 1, 1, 1, 1, 1, "mse", 0, 1),
    ("tanh", 3, 10, 1, 2, 30, 4, "mse", 0, 1.5),
    ("tanh", 5, 7, 2, 3, 8, 11, "huber:0.5", 0.2, 1),
    ("tanh", 6, 21, 1, 4, 15, 5, "crossentropy", 0, 1),
]


def make_models():
    for seed, (cell, features, hidden, layers, outputs, steps, batch, loss, missing, scale) in enumerate(MODELS):
        generator = np.random.RandomState(1000 + seed)
        spec = dict(cell=cell, features=features, hidden=hidden, layers=layers, outputs=outputs)
        model = make_model(generator, spec, scale)
        inputs = uniform(generator, (steps, batch, features), -1.5, 1.5)
        targets = make_targets(generator, loss, batch, outputs)
        weights = torch.from_numpy((generator.uniform(size=(batch, outputs)) >= missing).astype(np.float64))
        result = model(inputs)
        value = make_loss(loss, result, targets, weights)
        value.backward()
        name = f"{cell}-f{features}-h{hidden}-l{layers}-o{outputs}-t{steps}-b{batch}-{loss.replace(':', '')}"
        write(f"models/{name}.json", spec | dict(
            steps=steps, batch=batch, loss=loss,
            parameters=by_name(model, lambda p: p), inputs=flat(inputs), targets=flat(targets), weights=flat(weights),
            result=flat(result), value=value.item(), gradients=by_name(model, lambda p: p.grad)))


# ---------------------------------------------------------------------------------------------------------------
# Optimizers: given gradients, the values after every step. The text is the optimizer's text form in MlnetClip.

OPTIMIZERS = {
    "sgd": ("sgd", lambda p: torch.optim.SGD(p, lr=1)),
    "sgd-decay": ("sgd:decay=0.1", lambda p: torch.optim.SGD(p, lr=1, weight_decay=0.1)),
    "sgd-momentum": ("sgd:momentum=0.9", lambda p: torch.optim.SGD(p, lr=1, momentum=0.9)),
    "sgd-momentum-decay": ("sgd:momentum=0.8,decay=0.05",
                           lambda p: torch.optim.SGD(p, lr=1, momentum=0.8, weight_decay=0.05)),
    "sgd-nesterov": ("sgd:momentum=0.9,decay=0.02,nesterov=true",
                     lambda p: torch.optim.SGD(p, lr=1, momentum=0.9, weight_decay=0.02, nesterov=True)),
    "adam": ("adam", lambda p: torch.optim.Adam(p, lr=1)),
    "adam-options": ("adam:beta1=0.8,beta2=0.95,eps=0.0001,decay=0.1",
                     lambda p: torch.optim.Adam(p, lr=1, betas=(0.8, 0.95), eps=1e-4, weight_decay=0.1)),
    "adamw": ("adamw", lambda p: torch.optim.AdamW(p, lr=1)),
    "adamw-options": ("adamw:beta1=0.85,beta2=0.99,eps=0.001,decay=0.2",
                      lambda p: torch.optim.AdamW(p, lr=1, betas=(0.85, 0.99), eps=1e-3, weight_decay=0.2)),
    "rmsprop": ("rmsprop", lambda p: torch.optim.RMSprop(p, lr=1)),
    "rmsprop-options": ("rmsprop:alpha=0.9,eps=0.001,decay=0.05,momentum=0.7",
                        lambda p: torch.optim.RMSprop(p, lr=1, alpha=0.9, eps=1e-3, weight_decay=0.05, momentum=0.7)),
}


def make_optimizers():
    for seed, (name, (text, create)) in enumerate(OPTIMIZERS.items()):
        generator = np.random.RandomState(2000 + seed)
        shapes = {"weight": (5, 7), "bias": (5,)}
        parameters = {k: nn.Parameter(uniform(generator, shape, -1, 1)) for k, shape in shapes.items()}
        initial = {k: flat(p) for k, p in parameters.items()}
        optimizer = create(list(parameters.values()))
        steps = []
        for step in range(12):
            rate = float(np.float32(0.05 / (1 + step % 4)))
            for group in optimizer.param_groups:
                group["lr"] = rate
            for k, parameter in parameters.items():
                # Gradients of very different sizes, and a step of exact zeros.
                size = 0.0 if step == 5 else 10.0 ** generator.randint(-3, 2)
                parameter.grad = uniform(generator, shapes[k], -size, size)
            gradients = {k: flat(p.grad) for k, p in parameters.items()}
            optimizer.step()
            steps.append(dict(rate=rate, gradients=gradients, values={k: flat(p) for k, p in parameters.items()}))
        write(f"optimizers/{name}.json", dict(optimizer=text, rows=5, columns=7, initial=initial, steps=steps))


# ---------------------------------------------------------------------------------------------------------------
# Training: 50 steps, ten epochs over 27 sequences in batches of six, the last of three.

TRAINING = [
    # cell, layers, loss, optimizer, learning rate, clipping, scale of the weights
    ("lstm", 1, "mse", "sgd:momentum=0.9", 0.1, "none", 1),
    ("lstm", 2, "mse", "sgd:momentum=0.9", 0.2, "norm:0.4", 2),
    ("lstm", 2, "mse", "sgd", 0.5, "value:0.02", 2),
    ("lstm", 2, "huber:0.5", "adam", 0.01, "norm:0.1", 1),
    ("lstm", 1, "mse", "adamw:decay=0.1", 0.02, "value:0.01", 1),
    ("lstm", 1, "crossentropy", "rmsprop", 0.005, "norm:0.5", 1),
    ("tanh", 1, "mse", "sgd", 0.1, "norm:0.5", 1),
    ("tanh", 2, "mse", "adam", 0.01, "value:0.05", 1),
]


def make_training():
    for seed, (cell, layers, loss, optimizer_text, rate, clipping, scale) in enumerate(TRAINING):
        generator = np.random.RandomState(3000 + seed)
        count, batch, steps = 27, 6, 11
        spec = dict(cell=cell, features=3, hidden=8, layers=layers, outputs=3)
        model = make_model(generator, spec, scale)
        initial = by_name(model, lambda p: p)
        inputs = uniform(generator, (steps, count, 3), -1.5, 1.5)
        targets = make_targets(generator, loss, count, 3)
        weights = torch.ones(count, 3)
        optimizer = {
            "sgd": lambda p: torch.optim.SGD(p, lr=rate),
            "sgd:momentum=0.9": lambda p: torch.optim.SGD(p, lr=rate, momentum=0.9),
            "adam": lambda p: torch.optim.Adam(p, lr=rate),
            "adamw:decay=0.1": lambda p: torch.optim.AdamW(p, lr=rate, weight_decay=0.1),
            "rmsprop": lambda p: torch.optim.RMSprop(p, lr=rate),
        }[optimizer_text](model.parameters())
        kind, _, limit = clipping.partition(":")
        losses, norms, changed = [], [], 0
        for epoch in range(10):
            for start in range(0, count, batch):
                part = slice(start, min(start + batch, count))
                optimizer.zero_grad()
                value = make_loss(loss, model(inputs[:, part]), targets[part], weights[part])
                value.backward()
                losses.append(value.item())
                gradient = torch.cat([p.grad.reshape(-1) for p in model.parameters()])
                norms.append(gradient.norm().item())
                if kind == "norm":
                    nn.utils.clip_grad_norm_(model.parameters(), float(limit))
                    changed += norms[-1] > float(limit)
                elif kind == "value":
                    nn.utils.clip_grad_value_(model.parameters(), float(limit))
                    changed += gradient.abs().max().item() > float(limit)
                optimizer.step()
        write(f"training/{seed + 1}-{cell}-{optimizer_text.partition(':')[0]}-{clipping.replace(':', '')}.json", spec | dict(
            steps=steps, batch=batch, count=count, epochs=10, loss=loss, optimizer=optimizer_text,
            rate=rate, clipping=clipping, clipped=int(changed),
            initial=initial, inputs=flat(inputs), targets=flat(targets),
            losses=losses, norms=norms, final=by_name(model, lambda p: p)))
        print(f"training {seed + 1}: {clipping}, {changed} of {len(losses)} steps clipped, "
              f"loss {losses[0]:.4g} to {losses[-1]:.4g}, norms {min(norms):.3g} to {max(norms):.3g}")


# ---------------------------------------------------------------------------------------------------------------
# Clipping of one set of gradients.

def make_clipping():
    generator = np.random.RandomState(4000)
    shapes = {"weight": (6, 5), "bias": (6,), "head": (1, 6)}
    parameters = {k: nn.Parameter(torch.zeros(shape)) for k, shape in shapes.items()}
    gradients = {k: uniform(generator, shape, -2, 2) for k, shape in shapes.items()}
    cases = []
    for text in ("norm:0.1", "norm:1", "norm:7.5", "norm:100", "norm:2,p=1", "norm:2,p=3", "norm:0.5,p=inf", "norm-tensor:2",
                 "norm-tensor:1,p=inf", "value:0.05", "value:1", "value:3"):
        name, _, limit = text.partition(":")
        limit, _, kind = limit.partition(",p=")
        for k, parameter in parameters.items():
            parameter.grad = gradients[k].clone()
        groups = [[p] for p in parameters.values()] if name == "norm-tensor" else [list(parameters.values())]
        for group in groups:
            if name == "value":
                nn.utils.clip_grad_value_(group, float(limit))
            else:
                nn.utils.clip_grad_norm_(group, float(limit), norm_type=float(kind or 2))
        cases.append(dict(clipping=text, gradients={k: flat(p.grad) for k, p in parameters.items()}))
    norm = torch.cat([g.reshape(-1) for g in gradients.values()]).norm().item()
    write("clipping/one-step.json", dict(
        rows=6, columns=5, norm=norm, gradients={k: flat(g) for k, g in gradients.items()}, cases=cases))


# ---------------------------------------------------------------------------------------------------------------
# Clipping that adapts: by unit to the weights, by percentile and by z-score to the norms so far.

def make_adaptive_clipping():
    generator = np.random.RandomState(5000)
    shapes = {"weight": (6, 5), "bias": (6,), "head": (1, 6)}
    values = {k: uniform(generator, shape, -1, 1) for k, shape in shapes.items()}
    values["weight"][2] *= 1e-4  # a unit whose weights are below eps
    gradients = {k: uniform(generator, shape, -0.1, 0.1) for k, shape in shapes.items()}
    gradients["weight"][4] *= 1e-3  # a unit that needs no clipping
    by_unit = []
    for text, factor, eps, head in (("agc:0.01", 0.01, 1e-3, False), ("agc:0.1,eps=0.5,head=true", 0.1, 0.5, True)):
        after = {}
        for k, g in gradients.items():
            # Brock et al. 2021, equation 3: rows of matrices; a vector is one unit.
            dims = tuple(range(1, g.dim())) or (0,)
            norm = torch.linalg.vector_norm(g, dim=dims, keepdim=True)
            limit = factor * torch.clamp(torch.linalg.vector_norm(values[k], dim=dims, keepdim=True), min=eps)
            after[k] = torch.where(norm > limit, g * limit / norm, g) if head or k != "head" else g
        by_unit.append(dict(clipping=text, gradients={k: flat(g) for k, g in after.items()}))
    write("clipping/by-unit.json", dict(
        rows=6, columns=5, values={k: flat(v) for k, v in values.items()},
        gradients={k: flat(g) for k, g in gradients.items()}, cases=by_unit))

    # Norms that wander, fall over time, and spike now and then; small numbers among them.
    steps = np.arange(120)
    norms = (1.5 + 0.3 * np.sin(steps / 7) + generator.uniform(-0.2, 0.2, 120)) * 0.99 ** steps
    norms[[30, 55, 56, 90]] *= [8, 3, 20, 1000]
    norms = [float(np.float32(n)) for n in norms]

    def auto_clip(percentile, history):
        thresholds = [np.percentile(norms[max(0, t + 1 - history):t + 1], percentile) for t in range(len(norms))]
        return thresholds, [min(n, limit) for n, limit in zip(norms, thresholds)]

    def z_clip(z, alpha, warm_up, ceiling):
        mean, variance, after = 0.0, 0.0, []
        for t, norm in enumerate(norms):
            if t < warm_up:
                mean, variance = np.mean(norms[:t + 1]), np.var(norms[:t + 1])
                after.append(min(norm, ceiling))
                continue
            score = (norm - mean) / np.sqrt(variance)
            kept = mean + z * np.sqrt(variance) * z / score if score > z else norm
            after.append(min(kept, ceiling))
            mean = alpha * mean + (1 - alpha) * kept
            variance = alpha * variance + (1 - alpha) * (kept - mean) ** 2
        return after

    by_history = []
    for percentile, history in ((10, 1000), (50, 20), (90, 7)):
        thresholds, after = auto_clip(percentile, history)
        by_history.append(dict(clipping=f"autoclip:{percentile},history={history}", thresholds=[float(t) for t in thresholds], after=after))
    for z, alpha, warm_up, ceiling in ((2.5, 0.97, 25, np.inf), (2, 0.8, 10, 2.5)):
        text = f"zclip:{z},alpha={alpha},warmup={warm_up}" + ("" if np.isinf(ceiling) else f",ceiling={ceiling}")
        by_history.append(dict(clipping=text, after=[float(a) for a in z_clip(z, alpha, warm_up, ceiling)]))
    write("clipping/by-history.json", dict(norms=norms, cases=by_history))


if __name__ == "__main__":
    make_models()
    make_optimizers()
    make_training()
    make_clipping()
    make_adaptive_clipping()
    make_networks()
    make_dropout()
    size = sum(f.stat().st_size for f in HERE.glob("*/*.json"))
    print(f"{size / 1024:.0f} KiB in {len(list(HERE.glob('*/*.json')))} files, PyTorch {torch.__version__}")
