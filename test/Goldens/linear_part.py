#!/usr/bin/env python3
"""Ridge regressions with missing targets, from the definition: every output on its own, over the rows that have a target for it.

    /usr/bin/python3 test/Goldens/linear_part.py

Needs NumPy (Debian: python3-numpy). Writes linear_part.json beside itself. The weights solve
(sum w x x' + penalty * D) v = sum w y x, where x ends with a 1 for the intercept, D is the identity without the intercept's element, and
penalty is relative to the mean of the inputs' diagonal elements of the sum over all rows with any target, each with its largest weight.
"""
import json
import pathlib

import numpy

HERE = pathlib.Path(__file__).resolve().parent


def fit(x, y, w, relative):
    extended = numpy.hstack([x, numpy.ones((len(x), 1))])
    features = x.shape[1]
    base = w.max(axis=1)
    penalty = relative * numpy.mean(numpy.sum(base[:, None] * x * x, axis=0))
    rows = []
    for k in range(y.shape[1]):
        weights = numpy.sqrt(w[:, k])[:, None]
        # Least squares over the rows and one further row for each penalised weight: no normal equations, so nothing is squared.
        penalties = numpy.hstack([numpy.sqrt(penalty) * numpy.eye(features), numpy.zeros((features, 1))])
        left = numpy.vstack([weights * extended, penalties])
        right = numpy.concatenate([weights[:, 0] * numpy.where(w[:, k] > 0, y[:, k], 0), numpy.zeros(features)])
        rows.append(numpy.linalg.lstsq(left, right, rcond=None)[0])
    return numpy.array(rows)


def case(seed, rows, features, outputs, missing, relative, graded=False):
    random = numpy.random.default_rng(seed)
    x = numpy.round(random.normal(size=(rows, features)) * numpy.linspace(0.2, 3, features), 6)
    y = numpy.round(x @ random.normal(size=(features, outputs)) + 0.5 + 0.3 * random.normal(size=(rows, outputs)), 6)
    w = (random.uniform(size=(rows, outputs)) >= missing).astype(float)
    if graded:
        w *= random.integers(1, 4, size=(rows, outputs)) / 2
    return {"features": features, "outputs": outputs, "penalty": relative, "x": x.ravel().tolist(), "y": y.ravel().tolist(), "weights": w.ravel().tolist(),
            "coefficients": fit(x, y, w, relative).ravel().tolist()}


def main():
    cases = [
        case(1, 30, 3, 2, 0.0, 0.01),
        case(2, 70, 5, 4, 0.3, 0.001),
        case(3, 130, 9, 3, 0.1, 1e-6, graded=True),
        case(4, 12, 17, 2, 0.2, 0.1),
    ]
    (HERE / "linear_part.json").write_text(json.dumps({"cases": cases}) + "\n")


if __name__ == "__main__":
    main()
