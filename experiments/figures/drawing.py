# SPDX-License-Identifier: GPL-3.0-or-later
"""How figures look: colours that the colour-blind can tell apart, and the same bytes for the same input."""
import numpy as np
from matplotlib import colormaps, rcParams
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation

EPSILON = 2.2e-16
DENSITY_MAP = "cividis"
SIGNED_MAP = "RdBu_r"
OUTSIDE = "0.88"  # where a value is not trusted
# Okabe and Ito, dark ones first.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
DASHES = ["-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2))]


NARROW = 4.8  # inches; below, panels stand one above the other, legends below them, and letters are smaller
PANEL = 2.3   # inches that a panel beside another one needs at least
_page = {"width": None, "titles": True}  # what was asked for


def apply(width=None, titles=True, dots=200):
    """`width` of every figure in inches, by default each has its own; `dots` of a PNG an inch."""
    _page.update(width=width, titles=titles)
    size = 8 if width is not None and width < NARROW else 10
    rcParams.update({
        "font.family": "STIXGeneral", "mathtext.fontset": "stix", "font.size": size,
        "axes.titlesize": size, "axes.labelsize": size, "legend.fontsize": 0.85 * size,
        "xtick.labelsize": 0.9 * size, "ytick.labelsize": 0.9 * size,
        "xtick.direction": "out", "ytick.direction": "out",
        "axes.linewidth": 0.6, "xtick.major.width": 0.6, "ytick.major.width": 0.6, "lines.linewidth": 0.13 * size,
        "axes.spines.top": False, "axes.spines.right": False, "legend.frameon": False,
        "figure.dpi": dots, "savefig.dpi": dots, "svg.hashsalt": "umkehr",
        "axes.formatter.limits": (-3, 4), "pdf.fonttype": 42,
    })


def lay_out(drawn):
    """Once and for all: every file drawn would do it again, and draw twice."""
    drawn.get_layout_engine().execute(drawn)
    drawn.set_layout_engine(None)


def narrow():
    return _page["width"] is not None and _page["width"] < NARROW


def width():
    """In inches, where one was asked for."""
    return _page["width"]


def small(share=0.75):
    """Size of the letters beside a panel."""
    return share * rcParams["font.size"]


def figure(width, height):
    """Of this size in inches, or in the width that was asked for: narrow, it loses little of its height."""
    if _page["width"] is None:
        return sized(width, height)
    scale = _page["width"] / width
    return sized(_page["width"], height * max(scale, min(1, 2 / 3 + scale / 3)))


def sized(width, height):
    """Without pyplot, which keeps windows and takes long to import."""
    drawn = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(drawn)
    return drawn


def row(count, each, height, more=0.0, **shared):
    """(Figure, panels): in a row, `more` inches left for what stands beside them; narrow, one below the other."""
    if not narrow() or count == 1:
        drawn = figure(each * count + more, height)
        return drawn, list(drawn.subplots(1, count, squeeze=False, **shared)[0])
    width = _page["width"]
    drawn = sized(width, count * min(0.75 * height, 0.62 * width) + 0.5)
    return drawn, list(drawn.subplots(count, 1, squeeze=False)[:, 0])


def title(drawn, *words):
    """Of the whole figure: the experiment's and the task's."""
    if _page["titles"]:
        drawn.suptitle(": ".join(map(plain, words)), fontsize=1.1 * rcParams["font.size"], wrap=True)


def legend(panel, columns=2, **more):
    """At the right of a panel; narrow, below it."""
    if not narrow():
        return panel.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), **more)
    below = panel.transAxes + ScaledTranslation(0, -0.42, panel.figure.dpi_scale_trans)
    return panel.legend(loc="upper center", bbox_to_anchor=(0.5, 0), bbox_transform=below, ncol=columns, **more)


def plain(text):
    """Text from a file, kept from being read as mathematics."""
    return str(text).replace("$", r"\$")


def letter(name):
    """An axis name as mathematics."""
    return name if len(name) == 1 else rf"\mathrm{{{name}}}".replace("_", r"\_")


def task_line(number):
    """One line a task: lines that lie on each other stay visible by colour, dashes and width."""
    return {"color": COLOURS[number % len(COLOURS)], "linestyle": DASHES[number % len(DASHES)],
            "linewidth": max(2.4 - 0.5 * number, 1.2) * rcParams["font.size"] / 10}


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
    axes.text(0.99, 0.75 * EPSILON, "machine epsilon", transform=axes.get_yaxis_transform(), fontsize=small(),
              color="0.4", ha="right", va="top")
    axes.set_ylim(0.02 * EPSILON, max(axes.get_ylim()[1], top))
