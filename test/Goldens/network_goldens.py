"""Networks: embeddings, a list of layers and a head over sequences of different lengths.

A description is the JSON that the files carry (see README.md). PyTorch's own modules compute each layer over packed
sequences, so that padding cannot reach a result; what padding holds is therefore garbage on purpose.
"""
import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from golden_format import flat, uniform, write

GARBAGE = 1e3
# A float32 engine or a finite difference must not land on the other side of a kink (of ReLU, a maximum, Huber's loss).
CLEARANCE = 1e-4

FAMILY = {"lstm": "lstm", "gru": "gru", "rnntanh": "rnn", "rnnrelu": "rnn"}
GATES = {"lstm": 4, "gru": 3, "rnntanh": 1, "rnnrelu": 1}


# The parts of a description.

def layer(cell, hidden, **options):
    return dict(type="recurrent", cell=cell, hidden=hidden, bidirectional=False) | options


def both(cell, hidden, **options):
    return layer(cell, hidden, bidirectional=True, **options)


def norm(epsilon=1e-5):
    return dict(type="layernorm", epsilon=epsilon)


def dropout(rate):
    return dict(type="dropout", rate=rate)


def model(features, layers, pooling="last", outputs=1, embeddings=()):
    return dict(features=features, embeddings=[dict(count=n, size=e) for n, e in embeddings], layers=layers,
                head=dict(pooling=pooling, outputs=outputs))


# ---------------------------------------------------------------------------------------------------------------
# The network in PyTorch.

class Network:
    """A description with its parameters by name, in order, and the modules that hold them."""

    def __init__(self, generator, description, scale=1.0):
        self.description = description
        self.parameters = {}
        self.modules = []
        self.embeddings = []
        for j, e in enumerate(description["embeddings"]):
            self.embeddings.append(nn.Embedding(e["count"], e["size"]))
            self._own(generator, f"embedding{j}", self.embeddings[-1], -1, 1)
        self.width = description["features"] + sum(e["size"] for e in description["embeddings"])
        recurrent = norms = 0
        for spec in description["layers"]:
            if spec["type"] == "recurrent":
                kind = dict(lstm=nn.LSTM, gru=nn.GRU).get(spec["cell"], nn.RNN)
                options = dict(nonlinearity=spec["cell"][3:]) if kind is nn.RNN else {}
                module = kind(self.width, spec["hidden"], bidirectional=spec["bidirectional"], **options)
                bound = scale / spec["hidden"] ** 0.5
                self._own(generator, FAMILY[spec["cell"]], module, -bound, bound, number=recurrent)
                recurrent += 1
                self.width = spec["hidden"] * (2 if spec["bidirectional"] else 1)
            elif spec["type"] == "layernorm":
                module = nn.LayerNorm(self.width, eps=spec["epsilon"])
                self._own(generator, f"norm{norms}", module, 0.5, 1.5)
                with torch.no_grad():
                    module.bias -= 1
                norms += 1
            else:
                module = None
            self.modules.append(module)
        self.head = nn.Linear(self.width, description["head"]["outputs"])
        self._own(generator, "head", self.head, -1 / self.width ** 0.5, 1 / self.width ** 0.5)

    def _own(self, generator, prefix, module, low, high, number=None):
        for name, parameter in module.named_parameters():
            with torch.no_grad():
                parameter.copy_(uniform(generator, tuple(parameter.shape), low, high))
            self.parameters[f"{prefix}.{name if number is None else name.replace('_l0', f'_l{number}')}"] = parameter

    def inputs(self, inputs, ids):
        """[T, B, features and embedded ids]."""
        return torch.cat([inputs] + [e(ids[:, :, j]) for j, e in enumerate(self.embeddings)], dim=2)

    def forward(self, inputs, ids, lengths):
        """Outputs [S, B, O], padded steps 0; and how close any ReLU or maximum comes to a kink."""
        steps = len(inputs)
        clearance = [torch.inf]
        packed = pack_padded_sequence(self.inputs(inputs, ids), lengths, enforce_sorted=False)

        def padded(p, fill=0.0):
            return pad_packed_sequence(p, padding_value=fill, total_length=steps)[0]

        final = None
        for spec, module in zip(self.description["layers"], self.modules):
            if spec["type"] == "recurrent":
                below = packed
                packed, final = module(packed)
                final = final[0] if spec["cell"] == "lstm" else final  # [directions, B, H]
                directions = spec["bidirectional"]
                if spec["cell"] == "rnnrelu":
                    clearance.append(relu_clearance(module, padded(below), padded(packed), lengths))
            else:
                packed = PackedSequence(module(packed.data), *packed[1:])
                final = None
        top = padded(packed)
        pooling = self.description["head"]["pooling"]
        if pooling == "everystep":
            valid = torch.arange(steps)[:, None, None] < lengths[None, :, None]
            return torch.where(valid, self.head(top), torch.zeros(())), min(clearance)
        if pooling == "last":
            pooled = pick_last(top, lengths, directions)
            if final is not None:
                assert torch.equal(pooled, torch.cat(list(final), dim=1))
        elif pooling == "mean":
            pooled = top.sum(0) / lengths[:, None]
        else:
            lowest = padded(packed, -torch.inf)
            pooled = lowest.max(0).values
            if steps > 1:
                first, second = lowest.topk(2, dim=0).values.detach()
                clearance.append((first - second)[first != 0].min().item())  # a ReLU's zeros tie, and have no gradient
        return self.head(pooled)[None], min(clearance)


def pick_last(top, lengths, bidirectional):
    """The final state of each direction: forward at a sequence's last step, reverse at step 0."""
    last = top[lengths - 1, torch.arange(len(lengths))]
    if not bidirectional:
        return last
    half = top.shape[2] // 2
    return torch.cat([last[:, :half], top[0, :, half:]], dim=1)


def relu_clearance(module, x, h, lengths):
    """The smallest |sum| before the ReLU."""
    smallest = torch.inf
    H = module.hidden_size
    with torch.no_grad():
        for direction in range(2 if module.bidirectional else 1):
            suffix = "_l0_reverse" if direction else "_l0"
            W, U, bx, bh = (getattr(module, name + suffix) for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
            for b, length in enumerate(lengths.tolist()):
                states = h[:length, b, direction * H:(direction + 1) * H]
                zero = torch.zeros(1, H)
                before = torch.cat([states[1:], zero]) if direction else torch.cat([zero, states[:-1]])
                sums = x[:length, b] @ W.T + bx + before @ U.T + bh
                assert torch.allclose(sums.relu(), states, atol=1e-12)
                smallest = min(smallest, sums.abs().min().item())
    return smallest


def loss_of(text, outputs, targets, weights):
    """sum(weight * loss) / sum(weight), and the clearance of Huber's kink."""
    kind, _, argument = text.partition(":")
    seen = weights > 0
    if kind == "crossentropy":
        classes = torch.where(seen, targets, torch.zeros(())).long().squeeze(-1)
        each = nn.functional.cross_entropy(outputs.flatten(0, 1), classes.flatten(), reduction="none").view_as(weights)
    elif kind == "mse":
        each = nn.functional.mse_loss(outputs, targets, reduction="none")
    else:
        each = nn.functional.huber_loss(outputs, targets, reduction="none", delta=float(argument))
    clearance = torch.inf
    if kind == "huber":
        clearance = ((outputs - targets).abs() - float(argument))[seen].abs().min().item()
    return (each * weights).sum() / weights.sum(), clearance


# ---------------------------------------------------------------------------------------------------------------
# One batch.

def make_batch(generator, description, steps, batch, loss, lengths=None, missing=0.0, weighted=False):
    """Everything that an engine gets; lengths is a list, or None where all sequences are full."""
    head = description["head"]
    every = head["pooling"] == "everystep"
    lengths = torch.tensor(lengths or [steps] * batch)
    assert len(lengths) == batch and lengths.max() == steps
    padding = torch.arange(steps)[:, None, None] >= lengths[None, :, None]  # [T, B, 1]
    inputs = uniform(generator, (steps, batch, description["features"]), -1.5, 1.5)
    inputs = torch.where(padding, torch.tensor(GARBAGE), inputs)
    counts = [e["count"] for e in description["embeddings"]]
    ids = torch.zeros(steps, batch, len(counts), dtype=torch.long)
    for j, count in enumerate(counts):
        ids[:, :, j] = torch.from_numpy(generator.randint(0, count, (steps, batch)))
    ids[padding.expand_as(ids)] = 0
    shape = (steps if every else 1, batch, 1 if loss == "crossentropy" else head["outputs"])
    if loss == "crossentropy":
        targets = torch.from_numpy(generator.randint(0, head["outputs"], shape).astype(np.float64))
    else:
        targets = uniform(generator, shape, -1.5, 1.5)
    weights = uniform(generator, shape, 0.25, 2) if weighted else torch.ones(shape)
    weights[torch.from_numpy(generator.uniform(size=shape) < missing)] = 0
    if every:
        weights[padding.expand_as(weights)] = 0
    targets[weights == 0] = GARBAGE  # neither padding nor a missing target is ever read
    return inputs, ids, lengths, targets, weights


def make_file(path, seed, description, steps, batch, loss, scale=1.0, compute=None, **options):
    """Draws until no kink is near, and writes what PyTorch makes of the last draw."""
    for attempt in range(200):
        generator = np.random.RandomState(seed * 1000 + attempt)
        network = Network(generator, description, scale)
        inputs, ids, lengths, targets, weights = make_batch(generator, description, steps, batch, loss, **options)
        masks = make_masks(generator, description, steps, batch) if compute else {}
        if compute:
            outputs, clearance = compute(network, inputs, ids, lengths, masks)
        else:
            outputs, clearance = network.forward(inputs, ids, lengths)
        value, huber = loss_of(loss, outputs, targets, weights)
        if min(clearance, huber) > CLEARANCE:
            break
    else:
        raise SystemExit(f"{path}: every draw has a sum within {CLEARANCE} of a kink.")
    value.backward()
    content = dict(model=description, steps=steps, batch=batch, loss=loss)
    content |= dict(parameters={name: flat(p) for name, p in network.parameters.items()})
    content |= dict(inputs=flat(inputs))
    if description["embeddings"]:
        content |= dict(ids=flat(ids))
    if options.get("lengths"):
        content |= dict(lengths=flat(lengths))
    if masks:
        content |= dict(masks={name: flat(mask) for name, mask in masks.items()})
    content |= dict(targets=flat(targets), weights=flat(weights), outputs=flat(outputs), value=value.item(),
                    gradients={name: flat(p.grad) for name, p in network.parameters.items()})
    write(path, content)


CELLS = ("lstm", "gru", "rnntanh", "rnnrelu")
MIXED = [1, 9, 4, 6, 9, 2, 1]  # lengths: some of one step, some full


def networks():
    """Name, description, steps, batch, loss, options."""
    for cell in CELLS:
        yield f"{cell}-h5", model(3, [layer(cell, 5)]), 7, 2, "mse", {}
        yield f"{cell}-h33-t24", model(1, [layer(cell, 33)], outputs=2), 24, 3, "mse", dict(missing=0.3)
        yield f"{cell}-2-layers", model(4, [layer(cell, 8), layer(cell, 11)], outputs=2), 9, 6, "huber:0.5", dict(scale=2.0)
        yield f"{cell}-bidirectional-h16", model(2, [both(cell, 16)]), 8, 4, "mse", {}
        yield (f"{cell}-bidirectional-2-layers", model(3, [both(cell, 7), both(cell, 5)], outputs=2), 9, 7, "mse",
               dict(lengths=MIXED))
    yield "gru-bidirectional-h19-b17", model(2, [both("gru", 19)], outputs=3), 5, 17, "crossentropy", {}
    yield "gru-one-step", model(2, [layer("gru", 3)]), 1, 1, "mse", {}
    yield "gru-saturated", model(2, [layer("gru", 9)]), 12, 5, "mse", dict(scale=12.0)

    # How a sequence becomes one vector.
    yield "last-lstm-lengths", model(3, [layer("lstm", 9)]), 9, 7, "mse", dict(lengths=MIXED)
    yield "last-gru-2-layers-lengths", model(3, [layer("gru", 6), layer("gru", 5)]), 9, 7, "mse", dict(lengths=MIXED)
    yield "last-all-short-but-one", model(2, [both("lstm", 4)]), 6, 5, "mse", dict(lengths=[1, 1, 6, 1, 1])
    yield "mean-lstm-lengths", model(3, [layer("lstm", 9)], "mean"), 9, 7, "mse", dict(lengths=MIXED)
    yield "mean-rnntanh-bidirectional-lengths", model(2, [both("rnntanh", 10)], "mean"), 9, 7, "huber:0.5", dict(lengths=MIXED)
    yield "mean-gru-full", model(2, [layer("gru", 7)], "mean", 2), 8, 3, "mse", {}
    yield "max-gru-lengths", model(3, [layer("gru", 9)], "max"), 9, 7, "mse", dict(lengths=MIXED)
    yield "max-lstm-bidirectional-lengths", model(2, [both("lstm", 6)], "max", 2), 9, 7, "mse", dict(lengths=MIXED)
    yield "max-rnnrelu-full", model(2, [layer("rnnrelu", 7)], "max", 3), 8, 3, "crossentropy", {}

    # A result for every step.
    yield ("everystep-lstm-regression", model(3, [layer("lstm", 9)], "everystep", 2), 9, 7, "mse",
           dict(lengths=MIXED, missing=0.3))
    yield ("everystep-gru-bidirectional-huber", model(2, [both("gru", 6)], "everystep", 3), 9, 7, "huber:0.5",
           dict(lengths=MIXED, missing=0.2, weighted=True))
    yield ("everystep-lstm-bidirectional-labels", model(3, [both("lstm", 7)], "everystep", 4), 9, 7, "crossentropy",
           dict(lengths=MIXED, missing=0.3))
    yield "everystep-rnntanh-full", model(2, [layer("rnntanh", 8)], "everystep"), 11, 4, "mse", {}
    yield ("everystep-rnnrelu-weighted-labels", model(2, [layer("rnnrelu", 6)], "everystep", 3), 7, 5, "crossentropy",
           dict(lengths=[7, 1, 3, 7, 5], missing=0.2, weighted=True))

    # Layer normalization: on the inputs, between layers, on top.
    yield "norm-between-lstm", model(2, [layer("lstm", 6), norm(), layer("lstm", 5)]), 8, 4, "mse", {}
    yield "norm-on-top-gru-lengths", model(2, [layer("gru", 9), norm()]), 9, 7, "mse", dict(lengths=MIXED)
    yield ("norm-on-top-bidirectional-last", model(2, [both("lstm", 6), norm(0.01)], outputs=2), 9, 7, "mse",
           dict(lengths=MIXED))
    yield ("norm-between-and-on-top-max", model(2, [both("rnntanh", 5), norm(), layer("gru", 6), norm(0.001)], "max"), 9, 7, "mse",
           dict(lengths=MIXED))
    yield "norm-on-inputs-rnntanh", model(5, [norm(), layer("rnntanh", 9)], "mean"), 9, 7, "mse", dict(lengths=MIXED)
    yield ("norm-everystep-labels", model(2, [layer("gru", 8), norm()], "everystep", 3), 9, 7, "crossentropy",
           dict(lengths=MIXED, weighted=True))

    # Ids.
    yield "ids-alone-lstm", model(0, [layer("lstm", 6)], embeddings=[(5, 4)]), 8, 3, "mse", {}
    yield ("ids-beside-features-gru", model(2, [layer("gru", 6)], outputs=2, embeddings=[(3, 2), (7, 5)]), 9, 7, "mse",
           dict(lengths=MIXED))
    yield ("ids-alone-bidirectional-labels", model(0, [both("lstm", 5)], "everystep", 4, [(6, 3)]), 9, 7, "crossentropy",
           dict(lengths=MIXED, missing=0.2))
    yield ("ids-norm-mean", model(1, [norm(), layer("rnntanh", 6)], "mean", embeddings=[(4, 3)]), 9, 7, "mse",
           dict(lengths=MIXED))

    # Weights of classes and errors; different cells in one network.
    yield "crossentropy-weighted-lstm", model(3, [layer("lstm", 8)], outputs=4), 6, 9, "crossentropy", dict(weighted=True, missing=0.2)
    yield "huber-weighted-rnntanh", model(3, [layer("rnntanh", 8)], outputs=3), 6, 9, "huber:0.5", dict(weighted=True, missing=0.2)
    yield ("mixed-gru-over-bidirectional-lstm", model(2, [both("lstm", 6), norm(), layer("gru", 7)], "mean", 2), 9, 7, "mse",
           dict(lengths=MIXED))
    yield ("mixed-relu-over-gru-over-tanh", model(2, [layer("rnntanh", 6), layer("gru", 5), layer("rnnrelu", 9)], "last", 3), 8, 5,
           "crossentropy", dict(weighted=True))
    yield ("mixed-everything", model(1, [norm(), both("lstm", 4), norm(), both("gru", 3), layer("rnntanh", 5), norm()], "everystep", 2,
                                     [(4, 2)]), 9, 7, "mse", dict(lengths=MIXED, missing=0.2, weighted=True))

    # One of everything, many of something, and weights larger than a new network has.
    yield "lstm-one-unit", model(1, [layer("lstm", 1)]), 1, 1, "mse", {}
    yield "rnntanh-one-unit", model(1, [layer("rnntanh", 1)]), 1, 1, "mse", {}
    yield "lstm-3-layers-labels", model(2, [layer("lstm", 9)] * 3, outputs=4), 5, 6, "crossentropy", dict(scale=3.0)
    yield "lstm-f19-b37", model(19, [layer("lstm", 8)], outputs=2), 3, 37, "huber:1", dict(scale=4.0)
    yield "rnntanh-t30", model(3, [layer("rnntanh", 10)], outputs=2), 30, 4, "mse", dict(scale=1.5)


def make_networks():
    for index, (name, description, steps, batch, loss, options) in enumerate(networks()):
        make_file(f"networks/{name}.json", 6000 + index, description, steps, batch, loss, **options)


# ---------------------------------------------------------------------------------------------------------------
# Dropout with given masks. PyTorch has no recurrent dropout, so these are unrolled one sequence and one step at a
# time; without masks the unrolled network must agree with the modules.

def make_masks(generator, description, steps, batch):
    """Scaled masks: 0, or 1 / (1 - rate). Recurrent: [B, H] a direction. Dropout layers: [T, B, width]."""
    masks = {}
    width = description["features"] + sum(e["size"] for e in description["embeddings"])
    recurrent = dropouts = 0

    def draw(shape, rate):
        kept = torch.from_numpy((generator.uniform(size=shape) >= rate).astype(np.float64))
        return kept * float(np.float32(1 / (1 - rate)))

    for spec in description["layers"]:
        if spec["type"] == "recurrent":
            for suffix in ("", "_reverse") if spec["bidirectional"] else ("",):
                if spec.get("recurrentDropout"):
                    masks[f"recurrent{recurrent}{suffix}"] = draw((batch, spec["hidden"]), spec["recurrentDropout"])
            recurrent += 1
            width = spec["hidden"] * (2 if spec["bidirectional"] else 1)
        elif spec["type"] == "dropout":
            masks[f"dropout{dropouts}"] = draw((steps, batch, width), spec["rate"])
            dropouts += 1
    return masks


def cell_step(cell, p, k, suffix, x, h, c, mask):
    """PyTorch's equations; the mask is on h in the recurrent products alone."""
    W, U, bx, bh = (p[f"{FAMILY[cell]}.{name}_l{k}{suffix}"] for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    a, u = W @ x + bx, U @ (h * mask) + bh
    if cell == "lstm":
        i, f, g, o = (a + u).chunk(4)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c, torch.inf
    if cell == "gru":
        (ar, az, an), (ur, uz, un) = a.chunk(3), u.chunk(3)
        r, z = (ar + ur).sigmoid(), (az + uz).sigmoid()
        n = (an + r * un).tanh()
        return (1 - z) * n + z * h, c, torch.inf
    s = a + u
    return (s.tanh() if cell == "rnntanh" else s.relu()), c, s.abs().min().item() if cell == "rnnrelu" else torch.inf


def unrolled(network, inputs, ids, lengths, masks):
    """As Network.forward, with masks."""
    description, p = network.description, network.parameters
    embedded = network.inputs(inputs, ids)
    clearance, rows = torch.inf, []
    for b, length in enumerate(lengths.tolist()):
        sequence = list(embedded[:length, b])
        recurrent = dropouts = 0
        for spec, module in zip(description["layers"], network.modules):
            if spec["type"] == "recurrent":
                H, columns = spec["hidden"], []
                for suffix in ("", "_reverse") if spec["bidirectional"] else ("",):
                    mask = masks.get(f"recurrent{recurrent}{suffix}", torch.ones(len(lengths), H))[b]
                    h, c, states = torch.zeros(H), torch.zeros(H), {}
                    for t in reversed(range(length)) if suffix else range(length):
                        h, c, near = cell_step(spec["cell"], p, recurrent, suffix, sequence[t], h, c, mask)
                        states[t], clearance = h, min(clearance, near)
                    columns.append([states[t] for t in range(length)])
                sequence = [torch.cat(parts) for parts in zip(*columns)]
                bidirectional = spec["bidirectional"]
                recurrent += 1
            elif spec["type"] == "layernorm":
                sequence = [module(x) for x in sequence]
            else:
                if masks:
                    sequence = [x * masks[f"dropout{dropouts}"][t, b] for t, x in enumerate(sequence)]
                dropouts += 1
        top = torch.stack(sequence)
        pooling = description["head"]["pooling"]
        if pooling == "everystep":
            y = network.head(top)
            rows.append(torch.cat([y, torch.zeros(len(inputs) - length, y.shape[1])]))
            continue
        if pooling == "last":
            pooled = pick_last(top[:, None], torch.tensor([length]), bidirectional)[0]
        else:
            pooled = top.mean(0)
        rows.append(network.head(pooled)[None])
    return torch.stack(rows, dim=1), clearance


def dropout_networks():
    for cell in CELLS:
        yield f"recurrent-{cell}", model(2, [layer(cell, 7, recurrentDropout=0.4)]), 8, 4, "mse", {}
    yield ("recurrent-bidirectional-lengths",
           model(2, [both("gru", 5, recurrentDropout=0.3), both("lstm", 4, recurrentDropout=0.5)], outputs=2), 9, 7, "mse",
           dict(lengths=MIXED))
    yield "between-layers-lstm", model(2, [layer("lstm", 6), dropout(0.3), layer("lstm", 5)]), 8, 4, "mse", {}
    yield ("between-and-recurrent-everystep",
           model(2, [both("gru", 4, recurrentDropout=0.25), dropout(0.4), layer("rnnrelu", 6, recurrentDropout=0.25), norm(), dropout(0.2)],
                 "everystep", 3, [(4, 2)]), 9, 7, "crossentropy", dict(lengths=MIXED, missing=0.2))
    yield "on-top-mean", model(3, [dropout(0.2), both("rnntanh", 6), dropout(0.5)], "mean", 2), 9, 7, "huber:0.5", dict(lengths=MIXED)


def make_dropout():
    for index, (name, description, steps, batch, loss, options) in enumerate(networks()):
        if index % 6 or description["head"]["pooling"] == "max":
            continue
        generator = np.random.RandomState(7900 + index)
        network = Network(generator, description)
        lengths = options.get("lengths")
        inputs, ids, lengths, _, _ = make_batch(generator, description, steps, batch, loss, lengths)
        ours, theirs = unrolled(network, inputs, ids, lengths, {})[0], network.forward(inputs, ids, lengths)[0]
        assert torch.allclose(ours, theirs, rtol=0, atol=1e-12), name
    for index, (name, description, steps, batch, loss, options) in enumerate(dropout_networks()):
        make_file(f"dropout/{name}.json", 7000 + index, description, steps, batch, loss, compute=unrolled, **options)
