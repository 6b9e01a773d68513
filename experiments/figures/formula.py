# SPDX-License-Identifier: GPL-3.0-or-later
"""The formulas of experiment files, evaluated on numpy arrays. Nothing else can be written in them."""
import ast
import operator
from functools import lru_cache

import numpy as np

OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
             ast.Pow: operator.pow, ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Lt: operator.lt,
             ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq,
             ast.NotEq: operator.ne}


def _special(name):
    """A function of scipy, which is slow to import and seldom needed."""
    def call(argument):
        from scipy import special
        return getattr(special, name)(argument)
    return call


FUNCTIONS = {name: getattr(np, name) for name in "exp log sqrt abs sin cos tan sinh cosh tanh where".split()}
FUNCTIONS |= {"asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "atan2": np.arctan2, "erf": _special("erf"),
              "erfc": _special("erfc"), "min": np.minimum, "max": np.maximum}


def evaluate(text, values, definitions):
    """`values` are numbers or arrays, `definitions` formulas. Raises ValueError for what is no formula."""
    return _value(_parse(str(text)), {"pi": np.pi, "e": np.e} | values, definitions)


@lru_cache(maxsize=256)
def _parse(text):
    try:
        return ast.parse(text.strip().replace("^", "**"), mode="eval").body
    except (SyntaxError, RecursionError, MemoryError):
        raise ValueError(f"not a formula: {text[:80]}") from None


def _value(node, values, definitions):
    def of(child):
        return _value(child, values, definitions)

    match node:
        case ast.Constant(value=int() | float() as number):
            return np.float64(number)
        case ast.Name(id=name) if name in values:
            return values[name]
        case ast.Name(id=name) if name in definitions:
            others = {key: text for key, text in definitions.items() if key != name}
            return evaluate(definitions[name], values, others)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return OPERATORS[type(op)](of(left), of(right))
        case ast.UnaryOp(op=op, operand=operand) if type(op) in OPERATORS:
            return OPERATORS[type(op)](of(operand))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in OPERATORS:
            return OPERATORS[type(op)](of(left), of(right)) * 1.0
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            return FUNCTIONS[name](*map(of, arguments))
    raise ValueError("not a formula")
