"""The audit log: a chain that shows what was changed; and who may do what."""

import json
import multiprocessing
from pathlib import Path

import pytest
from skucast.agent.faces.audit import START, AuditLog, BrokenChainError
from skucast.agent.faces.roles import Roles, read_roles
from skucast.tools.errors import InputError


@pytest.fixture
def log(tmp_path: Path) -> AuditLog:
    """Four lines."""
    made = AuditLog(tmp_path / "audit.jsonl")
    for number, who in enumerate(("ana", "ben", "eva", "ana")):
        made.add(who, "publish", {"entry": f"e{number}", "series": number})
    return made


def rows(log: AuditLog) -> list[str]:
    return log.path.read_text(encoding="utf-8").splitlines(keepends=True)


def test_each_line_holds_the_digest_of_the_one_before(log: AuditLog) -> None:
    lines = list(log.lines())
    assert [line.number for line in lines] == [1, 2, 3, 4] and [line.who for line in lines][:2] == ["ana", "ben"]
    assert [line.before for line in lines] == [START, *(line.digest for line in lines[:-1])]
    assert log.verify() == lines[-1] and log.verify(ends=lines[1].digest) == lines[-1]


def test_a_changed_line_is_found_the_last_one_too(log: AuditLog) -> None:
    for number in (1, 3, 4):
        whole = rows(log)
        held = json.loads(whole[number - 1]) | {"who": "somebody"}
        log.path.write_text("".join([*whole[: number - 1], json.dumps(held) + "\n", *whole[number:]]))
        with pytest.raises(BrokenChainError, match=f"line {number} is not what was written") as found:
            log.verify()
        assert found.value.line == number
        with pytest.raises(BrokenChainError):
            log.add("ana", "publish", {})  # nothing is chained to it
        log.path.write_text("".join(whole))


def test_lines_left_out_put_in_or_moved_are_found(log: AuditLog) -> None:
    whole = rows(log)
    for wrong, line in (
        ([whole[0], *whole[2:]], 2),
        ([*whole[:2], whole[1], *whole[2:]], 3),
        ([whole[0], whole[2], whole[1], whole[3]], 2),
        (whole[1:], 1),
    ):
        log.path.write_text("".join(wrong))
        with pytest.raises(BrokenChainError, match=f"line {line} does not follow"):
            log.verify()


def test_a_line_changed_with_its_own_digest_breaks_the_next(log: AuditLog, tmp_path: Path) -> None:
    forged = AuditLog(tmp_path / "forged.jsonl")
    forged.path.write_text("".join(rows(log)[:1]))
    forged.add("mallory", "publish", {})
    log.path.write_text("".join([*rows(forged), *rows(log)[2:]]))
    with pytest.raises(BrokenChainError, match="line 3 does not follow"):
        log.verify()


def test_lines_cut_off_the_end_are_found_by_a_digest_noted_before(log: AuditLog) -> None:
    last = log.verify()
    assert last is not None
    log.path.write_text("".join(rows(log)[:2]))
    assert log.verify() is not None  # the chain alone cannot tell
    with pytest.raises(InputError, match="lines were cut off the end"):
        log.verify(ends=last.digest)


def test_a_half_line_of_a_kill_is_cut_off_and_said(log: AuditLog) -> None:
    log.path.write_bytes(log.path.read_bytes()[:-10])
    with pytest.raises(BrokenChainError, match="line 4 is not whole"):
        log.verify()
    half = len(log.path.read_bytes()) - sum(map(len, rows(log)[:3]))
    assert log.add("ana", "approve", {}).facts == {"cut": half}
    last = log.verify()
    assert last is not None and last.number == 4


def test_two_writers_at_once_keep_one_chain(tmp_path: Path) -> None:
    log, fork = AuditLog(tmp_path / "audit.jsonl"), multiprocessing.get_context("fork")

    def writes(who: str) -> None:
        for number in range(10):
            log.add(who, "override", {"n": number})

    children = [fork.Process(target=writes, args=(who,)) for who in ("ana", "ben")]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    last = log.verify()
    assert last is not None and last.number == 20 and {line.who for line in log.lines()} == {"ana", "ben"}


def test_no_log_yet(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no audit log yet"):
        AuditLog(tmp_path / "audit.jsonl").verify()


ROLES = """
[people]
ana = "planner"
eva = "buyer"

[roles.planner]
may = ["publish", "override"]

[roles.buyer]
may = ["approve"]
up_to = 500
"""


@pytest.fixture
def roles(tmp_path: Path) -> Roles:
    (tmp_path / "roles.toml").write_text(ROLES)
    return read_roles(None, tmp_path)


def test_who_may_do_what(roles: Roles) -> None:
    roles.check("ana", "publish")
    roles.check("eva", "approve", 500.0)
    with pytest.raises(InputError, match=r"ana \(planner\) may not approve; who may: eva"):
        roles.check("ana", "approve", 1.0)
    with pytest.raises(InputError, match=r"may approve up to 500; this comes to 500\.01"):
        roles.check("eva", "approve", 500.01)
    with pytest.raises(InputError, match="what this comes to is not known"):
        roles.check("eva", "approve")
    with pytest.raises(InputError, match=r"--as evo: not in roles\.toml; did you mean eva"):
        roles.check("evo", "approve", 1.0)
    with pytest.raises(InputError, match="may not promote; who may: nobody"):
        roles.check("eva", "promote")


def test_without_roles_everyone_may(tmp_path: Path) -> None:
    read_roles(None, tmp_path).check("anyone", "approve", 1e9)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[people]\nana = "boss"\n[roles.planner]\nmay = []', "ana has the role 'boss'; valid choices: planner"),
        ('[roles.planner]\nmay = ["destroy"]', "roles.planner.may"),
        ("[roles.planner]\nmay = []\nup_to = -1", "up_to"),
        ("roles = ", "not a TOML file"),
        ('[people]\nana = "planner"', "'planner'"),
    ],
)
def test_a_broken_file_is_one_line(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "mine.toml").write_text(text)
    with pytest.raises(InputError, match=r"mine\.toml") as found:
        read_roles(tmp_path / "mine.toml", tmp_path)
    assert says in str(found.value) and "\n" not in str(found.value)
