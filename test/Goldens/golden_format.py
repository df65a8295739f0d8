"""How golden numbers are drawn and written."""
import json
import pathlib

import numpy as np
import torch

HERE = pathlib.Path(__file__).resolve().parent


def uniform(generator, shape, low, high):
    """Float32 numbers, held as float64."""
    return torch.from_numpy(generator.uniform(low, high, shape).astype(np.float32).astype(np.float64))


def flat(tensor):
    return tensor.detach().reshape(-1).tolist()


def number(value):
    """The shortest digits that give the same float32 back."""
    value = np.float32(value)
    if not np.isfinite(value):
        raise SystemExit(f"A golden number is {value}.")
    text = str(value)
    return text[:-2] if text.endswith(".0") else text


def write(path, content):
    """JSON, one array of numbers a line."""
    def lines(value, indent):
        if isinstance(value, dict):
            inside = ",\n".join(f'{indent} {json.dumps(k)}: {lines(v, indent + " ")}' for k, v in value.items())
            return "{\n" + inside + "\n" + indent + "}"
        if isinstance(value, list) and value and isinstance(value[0], (dict, list)):
            return "[\n" + ",\n".join(indent + " " + lines(v, indent + " ") for v in value) + "\n" + indent + "]"
        if isinstance(value, list):
            return "[" + ",".join(number(v) for v in value) + "]"
        if isinstance(value, float):
            return number(value)
        return json.dumps(value)

    path = HERE / path
    path.parent.mkdir(exist_ok=True)
    path.write_text(lines(content, "") + "\n", encoding="utf-8")
