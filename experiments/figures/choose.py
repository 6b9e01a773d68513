# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of the saved times show how a density changes, and which part of the axes."""
import numpy as np


def times(density, count):
    """Indices of at most `count` times, the ends included, between which P changes about equally (in L1)."""
    if len(density) <= count:
        return list(range(len(density)))
    flat = np.nan_to_num(density.reshape(len(density), -1))
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


def square(limits):
    """The same with equal lengths, where they are not too unequal for one scale."""
    lengths = [high - low for low, high in limits]
    if max(lengths) > 3 * min(lengths):
        return limits, "auto"
    half = max(lengths) / 2
    return [((low + high) / 2 - half, (low + high) / 2 + half) for low, high in limits], "equal"
