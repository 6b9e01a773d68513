# SPDX-License-Identifier: GPL-3.0-or-later
"""A figure that moves: pictures, and what shows one of them in the figure."""
from dataclasses import dataclass
from typing import Callable

DOTS = 100      # an inch
A_SECOND = 10   # pictures


@dataclass
class Film:
    pictures: list
    show: Callable

    def write(self, figure, file):
        """A GIF, of this ending."""
        from matplotlib.animation import PillowWriter
        writer = PillowWriter(fps=A_SECOND)
        with writer.saving(figure, str(file), DOTS):
            for picture in self.pictures:
                self.show(picture)
                writer.grab_frame()
