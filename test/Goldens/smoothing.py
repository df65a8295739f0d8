#!/usr/bin/env python3
"""Exponential smoothing and the Theta method by statsmodels, with parameters and initial states given.

    /usr/bin/python3 test/Goldens/smoothing.py

Needs statsmodels (Debian: python3-statsmodels). Writes smoothing.json beside itself.
"""
import json
import pathlib

import numpy
from statsmodels.tsa.forecasting.theta import ThetaModel
from statsmodels.tsa.holtwinters import ExponentialSmoothing

HERE = pathlib.Path(__file__).resolve().parent


def series(seed, rows, season, multiplicative):
    random = numpy.random.default_rng(seed)
    t = numpy.arange(rows)
    wave = numpy.sin(2 * numpy.pi * t / season)
    level = 50 + 0.4 * t
    values = level * (1 + 0.3 * wave) if multiplicative else level + 8 * wave
    return numpy.round(values + random.normal(size=rows), 4)


def smoothing(seed, season, multiplicative, alpha, beta, gamma, phi):
    values = series(seed, 60, season or 6, multiplicative)
    level, trend = 49.0, 0.3
    indices = [] if season is None else [round(float(v), 4) for v in (1 + 0.3 * numpy.sin(2 * numpy.pi * numpy.arange(season) / season)
                                                                      if multiplicative else 8 * numpy.sin(2 * numpy.pi * numpy.arange(season) / season))]
    model = ExponentialSmoothing(
        values, trend="add", damped_trend=True, seasonal=None if season is None else "mul" if multiplicative else "add", seasonal_periods=season,
        initialization_method="known", initial_level=level, initial_trend=trend, initial_seasonal=None if season is None else indices)
    arguments = {"smoothing_level": alpha, "smoothing_trend": beta, "damping_trend": phi}
    if season is not None:
        arguments["smoothing_seasonal"] = gamma
    result = model.fit(optimized=False, **arguments)
    return {"season": season or 1, "multiplicative": int(multiplicative), "alpha": alpha, "beta": beta, "gamma": gamma, "phi": phi, "level": level, "trend": trend,
            "indices": indices or [0.0], "values": values.tolist(), "fitted": list(map(float, result.fittedvalues)), "forecast": list(map(float, result.forecast(14)))}


def theta(seed, season, multiplicative):
    values = series(seed, 96, season, multiplicative) - (0 if multiplicative else 60)  # below zero, "auto" is additive
    result = ThetaModel(values, period=season, deseasonalize=True, use_test=False, method="auto").fit(use_mle=False)
    components = result.forecast_components(10)
    indices = numpy.asarray(result._seasonal)
    return {"season": season, "multiplicative": int(multiplicative), "values": values.tolist(), "indices": list(map(float, indices)),
            "slope": float(result.params["b0"]), "alpha": float(result.params["alpha"]), "trend": list(map(float, components["trend"])),
            "forecast": list(map(float, result.forecast(10)))}


def main():
    cases = {
        "smoothing": [smoothing(1, 6, False, 0.4, 0.1, 0.2, 0.9), smoothing(2, 6, True, 0.3, 0.05, 0.4, 0.95), smoothing(3, None, False, 0.6, 0.2, 0.0, 0.8)],
        "theta": [theta(4, 6, True), theta(5, 7, False)],
    }
    (HERE / "smoothing.json").write_text(json.dumps(cases) + "\n")


if __name__ == "__main__":
    main()
