"""What a user buys next, from baskets alone: personal frequency, and TIFU-KNN (Hu et al., SIGIR 2020)."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from .baskets import Baskets, Floats, Ints, Matrix

REFERENCE = 5_000  # neighbours are sought among so many users at most: memory and time stay bounded
BLOCK = 500
KEPT = 300  # products of a mean of neighbours that are kept, the greatest: the rest would fill memory and reach no list


@dataclass(frozen=True)
class Decay:
    """The parameters of TIFU-KNN.

    Attributes:
        group: baskets a group.
        within: decay from basket to basket within a group, 0..1.
        across: decay from group to group, 0..1.
        neighbours: how many users are near.
        own: weight of the user's own vector against that of the neighbours, 0..1.
    """

    group: int = 7
    within: float = 0.9
    across: float = 0.7
    neighbours: int = 300
    own: float = 0.7


def frequency(baskets: Baskets) -> Matrix:
    """How often each user bought each product, in baskets, `[U, P]`. Ties go to what was bought last."""
    last: Floats = np.asarray(1e-6 / (1.0 + baskets.age()), dtype=np.float64)
    return baskets.matrix(np.ones(len(baskets.day)) + last)


def user_vectors(baskets: Baskets, decay: Decay) -> Matrix:
    """The time-decayed vector of each user, `[U, P]`.

    With groups of m baskets from the newest back (the oldest group may be smaller), r_b within and r_g across groups:
    v_g = sum over its baskets of r_b^(m - i) v_i / m, and u = sum over k groups of r_g^(k - j) v_j / k.

    Source: Hu, He, Gao, Zhang (2020), "Modeling Personalized Item Frequency Information for Next-basket
    Recommendation", SIGIR, equations 2 and 3.
    """
    age, counts = baskets.age(), baskets.counts()[baskets.user]
    group, place = age // decay.group, age % decay.group
    groups = -(-counts // decay.group)
    size = np.minimum(decay.group, counts - group * decay.group)
    return baskets.matrix(np.asarray(decay.across**group * decay.within**place / (size * groups), dtype=np.float64))


class Neighbours:
    """The users that others are held against, and their vectors. Made once; a user's newest vector needs no new one."""

    def __init__(self, vectors: Matrix, decay: Decay, *, seed: int = 0) -> None:
        kept: Ints = np.flatnonzero(np.diff(vectors.indptr))
        if len(kept) > REFERENCE:
            kept = np.sort(np.random.default_rng(seed).choice(kept, REFERENCE, replace=False))
        self.decay = decay
        self.codes = kept
        self.vectors = vectors[kept]
        self._across = self.vectors.T.tocsr().astype(np.float32)
        self._norms = np.asarray(self.vectors.multiply(self.vectors).sum(axis=1), dtype=np.float32).ravel()

    def near(self, vectors: Matrix, codes: Ints) -> Matrix:
        """The mean vector of each user's nearest neighbours by Euclidean distance, `[B, P]`; a user is no neighbour of
        its own.

        Args:
            vectors: of users, `[B, P]`.
            codes: of these users; -1 where one is not among those that neighbours are taken from.
        """
        made = [self._near(vectors[i : i + BLOCK], codes[i : i + BLOCK]) for i in range(0, len(codes), BLOCK)]
        return sparse.vstack(made, format="csr") if len(made) > 1 else made[0]

    def _near(self, vectors: Matrix, codes: Ints) -> Matrix:
        squared = (vectors.astype(np.float32) @ self._across).toarray()
        squared *= -2.0
        squared += self._norms  # less the norm of the user's own vector, which changes no order
        place = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        itself = np.flatnonzero(self.codes[place] == codes)
        squared[itself, place[itself]] = np.inf
        count = min(self.decay.neighbours, len(self.codes) - 1)
        if count < 1:
            return sparse.csr_matrix(vectors.shape)
        near = np.argpartition(squared, count - 1, axis=1)[:, :count]
        rows = np.repeat(np.arange(len(codes)), count)
        chosen = sparse.csr_matrix(
            (np.full(near.size, 1.0 / count), (rows, near.ravel())), shape=(len(codes), len(self.codes))
        )
        return most(chosen @ self.vectors, KEPT)


def tifu_knn(vectors: Matrix, near: Matrix, own: float) -> Matrix:
    """The blend of both, `[B, P]`: own * u + (1 - own) * mean of the neighbours (equation 4 of the paper)."""
    return own * vectors + (1.0 - own) * near


def most(scores: Matrix, count: int) -> Matrix:
    """The greatest entries of each row, so many of them (more where some are equal)."""
    data = scores.data
    for i in np.flatnonzero(np.diff(scores.indptr) > count):
        row = data[scores.indptr[i] : scores.indptr[i + 1]]
        row[row < np.partition(row, len(row) - count)[len(row) - count]] = 0.0
    scores.eliminate_zeros()
    return scores


def best(scores: Matrix, top: int) -> list[Ints]:
    """The products of the highest scores of each row, best first; of equal ones the lower code."""
    made = []
    for i in range(scores.shape[0]):
        part = slice(scores.indptr[i], scores.indptr[i + 1])
        made.append(best_of(scores.indices[part], scores.data[part], top))
    return made


def best_of(products: Ints, scores: Floats, top: int) -> Ints:
    """The products of the highest scores, best first; of equal ones the lower code."""
    if len(scores) > 4 * top:
        kept = scores >= -np.partition(-scores, top - 1)[top - 1]
        products, scores = products[kept], scores[kept]
    return np.asarray(products[np.lexsort((products, -scores))[:top]], dtype=np.int64)
