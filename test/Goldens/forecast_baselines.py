#!/usr/bin/env python3
"""Scores of the naive forecasts, from the protocol's definition in docs/cli.md and nothing else.

Reads samples/data/co2.csv; writes forecast_baselines.json beside itself. Plain Python, one origin and one step at a time:
slow, and with nothing in common with the C# code that is tested against its numbers.

    python3 test/Goldens/forecast_baselines.py
"""
import csv
import json
import math
import pathlib

HERE = pathlib.Path(__file__).resolve().parent


def read(path, column):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return [float(row[column]) if row[column] else None for row in csv.DictReader(file)]


def carried_forward(values):
    out, last = [], None
    for value in values:
        last = value if value is not None else last
        out.append(last)
    return out


def methods(x, t, h, s):
    """Forecasts of row t + h made at row t; None where the series does not reach back far enough."""
    k = -(-h // s)
    season = x[t + h - k * s] if t + h - k * s >= 0 else None
    year_ago = x[t - s] if t - s >= 0 else None
    drift = season + k * (x[t] - year_ago) if None not in (season, year_ago, x[t]) else None
    recent = [v for v in x[max(0, t - 11):t + 1] if v is not None]
    return {
        "moving_mean_12": sum(recent) / len(recent) if recent else None,  # stands for the model
        "last_value": x[t],
        "seasonal_naive": season,
        "seasonal_naive_drift": drift,
    }


def score(values, first, horizon, season):
    x = carried_forward(values)
    differences = [abs(values[i] - values[i - season]) for i in range(season, first)
                   if values[i] is not None and values[i - season] is not None]
    scale = math.fsum(differences) / len(differences)
    errors = {}
    pairs = 0
    for t in range(first, len(values)):
        for h in range(1, horizon + 1):
            if t + h >= len(values) or values[t + h] is None:
                continue
            forecasts = methods(x, t, h, season)
            if None in forecasts.values():
                continue
            pairs += 1
            for name, forecast in forecasts.items():
                errors.setdefault(name, []).append(forecast - values[t + h])
    result = {"first_origin": first, "horizon": horizon, "season": season, "pairs": pairs, "scale": scale}
    for name, e in errors.items():
        mae = math.fsum(map(abs, e)) / len(e)
        result[name] = {"mae": mae, "rmse": math.sqrt(math.fsum(v * v for v in e) / len(e)), "mase": mae / scale}
    return result


def main():
    values = read(HERE.parent.parent / "samples" / "data" / "co2.csv", "co2")
    rows = len(values)
    cut = rows - math.ceil(rows * 20 / 100)
    cases = [
        score(values, cut, 26, 52),   # the demo
        score(values, cut, 60, 26),   # a horizon of several seasons
        score(values, 60, 8, 52),     # the years with gaps
        score(values, 500, 3, 1),     # no season
    ]
    (HERE / "forecast_baselines.json").write_text(json.dumps({"rows": rows, "cut": cut, "cases": cases}, indent=2) + "\n")


if __name__ == "__main__":
    main()
