# SPDX-License-Identifier: GPL-3.0-or-later
"""Kramers' formula, weak noise: lambda_1 = sum over two wells sqrt(U'' |U''(top)|)/(2 pi) exp(-2 (U(top) - U)/D)."""
import tomllib

import numpy as np

from . import formula

SCAN = 2001


def rate(experiment, task):
    """Kramers' lambda_1, or None where there are not two wells in one dimension and no killing."""
    try:
        document = tomllib.loads(experiment)
        process, start = document["process"], document["time"]["start"]
        if task.dimension != 1 or float(process.get("killing", 0)) != 0:
            return None
        (axis, points), = task.axes.items()
        drift, noise = _drift(process, axis, start), process["diffusion"]
        noise = formula.evaluate(noise[0] if isinstance(noise, list) else noise, {"t": start},
                                 process.get("define", {}))
        # Off the centres, where a symmetric drift may vanish exactly.
        return _two_wells(drift, noise, np.linspace(points[0], points[-1], SCAN) + 1e-9)
    except (ValueError, KeyError, TypeError, IndexError, ArithmeticError):
        return None


def _drift(process, axis, time):
    definitions = process.get("define", {})

    def value(text, x):
        return formula.evaluate(text, {axis: x, "t": time}, definitions)

    if process.get("name") == "double-well":
        return lambda x: x - x ** 3
    if "potential" in process:
        step = 1e-5
        return lambda x: (value(process["potential"], x - step) - value(process["potential"], x + step)) / (2 * step)
    drift = process["drift"]
    return lambda x: value(drift if isinstance(drift, str) else drift[0], x)


def _two_wells(drift, noise, points):
    values = np.array([drift(x) for x in points])
    crossings = np.flatnonzero(values[:-1] * values[1:] < 0)
    if len(crossings) != 3 or values[0] < 0:
        return None
    from scipy.integrate import quad  # slow to import, and needed for two wells alone
    from scipy.optimize import brentq
    left, top, right = (brentq(drift, points[k], points[k + 1], xtol=1e-14) for k in crossings)
    curvature = {x: abs(drift(x + 1e-4) - drift(x - 1e-4)) / 2e-4 for x in (left, top, right)}
    return sum(np.sqrt(curvature[well] * curvature[top]) / (2 * np.pi)
               * np.exp(-2 * abs(quad(drift, top, well)[0]) / noise) for well in (left, right))
