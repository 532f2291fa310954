"""Code as readers see it: run, and held against what its comments say."""

import ast

import keras
import numpy as np


def run(code, place, names):
    """Run code, statement by statement.

    Returns:
        What is not so: `layer(x).shape  # (4, 2)` says that the expression equals
        the literal in the comment behind it.
    """
    untrue, lines = [], code.splitlines()
    for statement in ast.parse(code).body:
        if not isinstance(statement, ast.Expr):
            exec(compile(ast.Module([statement], []), place, "exec"), names)
            continue
        expression = shown(statement.value)
        value = eval(compile(ast.Expression(expression), place, "eval"), names)
        said = literal(lines[statement.end_lineno - 1][statement.end_col_offset :])
        if said is not None and not np.array_equal(value, said):
            untrue.append(f"{ast.unparse(expression)} is {value}, not {said}")
    return untrue


def shown(expression):
    """What `print(this)` prints; other expressions as they are."""
    match expression:
        case ast.Call(func=ast.Name("print"), args=[argument]):
            return argument
    return expression


def literal(comment):
    """The Python literal that a comment consists of, if it does."""
    try:
        return ast.literal_eval(comment.strip().removeprefix("#").strip())
    except (ValueError, SyntaxError):
        return None


def not_finite(names):
    """The weights of the models among these names that are NaN or infinite."""
    models = {id(m): m for m in names.values() if isinstance(m, keras.Model)}
    return [
        weight.path
        for model in models.values()
        for weight in model.weights
        if not np.isfinite(np.asarray(weight, "float32")).all()
    ]
