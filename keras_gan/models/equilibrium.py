"""Who moves, where one player is far ahead of the other."""

from keras import ops


def who_moves(real, fakes, equilibrium: float, margin: float | None):
    """Return 1.0 or 0.0 for D and for G: whether they move.

    D waits where a term of its cross-entropy is below `equilibrium - margin`, G where
    one is above `equilibrium + margin`, as in the code of Larsen et al. 2016,
    arXiv:1512.09300. If both would wait, D moves.

    Args:
        real: float tensor `(batch, 1)`, D's logits of real data.
        fakes: float tensor `(batch, 1)`, D's logits of generated data.
        equilibrium: float, where the terms should lie.
        margin: float, how far they may lie from it; None to let nobody wait.
    """
    if margin is None:
        return 1.0, 1.0
    terms = ops.stack([ops.mean(ops.softplus(x)) for x in (-real, fakes)])
    d_moves = ops.all(terms > equilibrium - margin)
    g_moves = ops.all(terms < equilibrium + margin)
    d_moves = ops.logical_or(d_moves, ops.logical_not(g_moves))
    return ops.cast(d_moves, "float32"), ops.cast(g_moves, "float32")
