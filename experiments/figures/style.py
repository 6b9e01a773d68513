# SPDX-License-Identifier: GPL-3.0-or-later
"""How figures look: colours that the colour-blind can tell apart, and the same bytes for the same input."""
import numpy as np
from matplotlib import colormaps, rcParams
from matplotlib.colors import to_rgba

EPSILON = 2.2e-16
DENSITY_MAP = "cividis"
SIGNED_MAP = "RdBu_r"
OUTSIDE = "0.88"  # where a value is not trusted
# Okabe and Ito, dark ones first.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
DASHES = ["-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2))]


def apply():
    rcParams.update({
        "font.family": "STIXGeneral", "mathtext.fontset": "stix", "font.size": 10,
        "axes.titlesize": 10, "axes.labelsize": 10, "legend.fontsize": 8.5,
        "xtick.labelsize": 9, "ytick.labelsize": 9, "xtick.direction": "out", "ytick.direction": "out",
        "axes.linewidth": 0.6, "xtick.major.width": 0.6, "ytick.major.width": 0.6, "lines.linewidth": 1.3,
        "axes.spines.top": False, "axes.spines.right": False, "legend.frameon": False,
        "figure.constrained_layout.use": True, "savefig.dpi": 200, "svg.hashsalt": "umkehr",
        "axes.formatter.limits": (-3, 4),
    })


def plain(text):
    """Text from a file, kept from being read as mathematics."""
    return str(text).replace("$", r"\$")


def letter(name):
    """An axis name as mathematics."""
    return name if len(name) == 1 else rf"\mathrm{{{name}}}".replace("_", r"\_")


def task_line(number):
    """One line a task: lines that lie on each other stay visible by colour, dashes and width."""
    return {"color": COLOURS[number % len(COLOURS)], "linestyle": DASHES[number % len(DASHES)],
            "linewidth": max(2.4 - 0.5 * number, 1.2)}


def values_map(low, high):
    """(Colours, low, high): of both signs around white, else from dark to light."""
    if low < -0.05 * high and high > -0.05 * low:
        return SIGNED_MAP, min(low, -high), max(high, -low)
    return DENSITY_MAP, low, high


def time_colours(count):
    return [to_rgba(colour) for colour in colormaps["viridis"](np.linspace(0, 0.92, count))]


def time_label(time):
    return f"$t = {time:.3g}$" if abs(time) >= 1e-3 or time == 0 else f"$t = {time:.1e}$"


def frame(axes):
    for spine in axes.spines.values():
        spine.set_visible(True)


def above_epsilon(values):
    """What is smaller is round-off: it is drawn on the line of machine epsilon."""
    return np.maximum(np.abs(values), EPSILON)


def machine_epsilon(axes, top=1e-12):
    """Its line, the name below it, and an axis of logarithms that reaches `top` at least."""
    axes.axhline(EPSILON, color="0.6", linewidth=0.7, zorder=0)
    axes.text(0.99, 0.75 * EPSILON, "machine epsilon", transform=axes.get_yaxis_transform(), fontsize=7.5,
              color="0.4", ha="right", va="top")
    axes.set_ylim(0.02 * EPSILON, max(axes.get_ylim()[1], top))
