# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of a result, drawn from its fields and from what `umkehr plot` computed beside them."""
