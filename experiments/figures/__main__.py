# SPDX-License-Identifier: GPL-3.0-or-later
"""`python3 experiments/figures RESULT.h5`, or `python3 -m figures RESULT.h5` beside this folder."""
import os
import sys

if not __package__:  # the folder was run: what is in it is not to stand for modules of these names
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    import figures  # noqa: F401
    del sys.path[0]

from figures.command import main  # noqa: E402

sys.exit(main())
