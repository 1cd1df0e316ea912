"""The cache with room ahead holds what concatenation would."""

import pytest
import torch
from skucast.agent.engines.cache import AHEAD, append


@pytest.mark.parametrize(("rows", "heads"), [(1, 1), (3, 2)])
def test_appending_equals_concatenation(rows: int, heads: int) -> None:
    generator = torch.Generator().manual_seed(0)
    held, plain = torch.tensor([]), torch.empty(rows, heads, 0, 4)
    for turn, steps in enumerate([5, *[1] * (AHEAD + 3), 7]):
        new = torch.rand(rows, heads, steps, 4, generator=generator)
        held, plain = append(held, new), torch.cat([plain, new], dim=2)
        if turn in (4, 20):  # rows that are picked or repeated leave their room behind
            held, plain = held.repeat_interleave(2, 0)[::2], plain.repeat_interleave(2, 0)[::2]
            held, plain = held[torch.arange(rows)], plain[torch.arange(rows)]
        assert torch.equal(held, plain)


def test_a_step_is_written_in_place() -> None:
    first = append(torch.tensor([]), torch.ones(2, 2, 3, 4))
    place = first.data_ptr()
    second = append(first, torch.ones(2, 2, AHEAD, 4))
    assert second.data_ptr() == place
    assert append(second, torch.ones(2, 2, 1, 4)).data_ptr() != place
