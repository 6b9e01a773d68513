# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of the saved times show how a field changes, which part of the axes, and which range of colours."""
import numpy as np

SAMPLE = 1 << 14  # values at a time that tell how much it has changed


def times(density, count):
    """Indices of at most `count` times, the ends included, between which P changes about equally (in L1)."""
    if len(density) <= count:
        return list(range(len(density)))
    flat = density.reshape(len(density), -1)
    flat = np.nan_to_num(flat[:, ::-(-flat.shape[1] // SAMPLE)])
    change = np.abs(np.diff(flat, axis=0)).sum(axis=1)
    if not change.sum() > 0:
        change = np.ones(len(density) - 1)
    travelled = np.concatenate([[0.0], np.cumsum(change)]) / change.sum()
    nearest = [int(np.argmin(np.abs(travelled - goal))) for goal in np.linspace(0, 1, count)]
    return sorted({*nearest[:-1], 0, len(density) - 1})


def window(task, shown, share=1e-3):
    """Limits along each axis: outside, the density is below `share` of its maximum at each time shown."""
    density = np.nan_to_num(task.variables["density"][list(shown)])
    visible = (density > share * density.max(axis=tuple(range(1, density.ndim)), keepdims=True)).any(axis=0)
    limits = []
    for k, points in enumerate(task.axes.values()):
        along = visible.any(axis=tuple(j for j in range(visible.ndim) if j != k))
        inside = points[along] if along.any() else points
        margin = 0.05 * (inside[-1] - inside[0]) + (points[-1] - points[0]) / len(points)
        limits.append((max(inside[0] - margin, points[0]), min(inside[-1] + margin, points[-1])))
    return limits


def whole(task):
    """(Limits, scale) of all of the axes."""
    limits = [(points[0], points[-1]) for points in task.axes.values()]
    return limits, "equal" if square(limits)[1] == "equal" else "auto"


def square(limits):
    """The same with equal lengths, where they are not too unequal for one scale."""
    lengths = [high - low for low, high in limits]
    if max(lengths) > 3 * min(lengths):
        return limits, "auto"
    half = max(lengths) / 2
    return [((low + high) / 2 - half, (low + high) / 2 + half) for low, high in limits], "equal"


def top(densities):
    """(Largest value of the colours, which end of the bar is open): a spike that soon spreads is cut."""
    peaks = np.concatenate([np.nan_to_num(density).reshape(len(density), -1).max(axis=1)
                            for density in densities])
    if peaks.max() > 3 * np.median(peaks) > 0:
        return 2 * np.median(peaks), "max"
    return largest(peaks), "neither"


def span(fields):
    """(Low, high, end of the bar that is open) for values of any sign: a few steep ones at the walls are cut."""
    both = np.concatenate([np.ravel(field) for field in fields])
    low, high = -largest(-both), largest(both)
    cut = [quantile(both, 0.02), quantile(both, 0.98)]
    open_low, open_high = (cut[0] - low > 0.5 * (high - low), high - cut[1] > 0.5 * (high - low))
    end = {(False, False): "neither", (True, False): "min", (False, True): "max", (True, True): "both"}
    return cut[0] if open_low else low, cut[1] if open_high else high, end[open_low, open_high]


def largest(values):
    finite = values[np.isfinite(values)]
    return float(finite.max()) if finite.size else 1.0


def quantile(values, share):
    finite = values[np.isfinite(values)]
    return float(np.quantile(finite, share)) if finite.size else 1.0
