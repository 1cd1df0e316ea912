"""Roles: who may publish, approve, override, promote and roll back, and up to which amount, from a small TOML file."""

import getpass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ...tools.errors import InputError, nearest
from ...tools.inputs import read_toml

FILE = "roles.toml"  # beside the ledger
Right = Literal["publish", "approve", "override", "promote", "rollback"]


class Role(BaseModel):
    """What people of a role may do.

    Attributes:
        may: the acts.
        up_to: the most that an approval may amount to, in the data's currency; None is without limit.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    may: tuple[Right, ...]
    up_to: float | None = Field(default=None, ge=0, allow_inf_nan=False)


class Roles(BaseModel):
    """Who may do what. Without a file everyone may do all. Names are taken at their word: there is no password.

    Attributes:
        people: the role of each person by name.
        roles: each role by name.
        promote_without_approval: a challenger that is better and forgets nothing takes its place by itself.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    people: dict[str, str] = Field(default_factory=dict)
    roles: dict[str, Role] = Field(default_factory=dict)
    promote_without_approval: bool = False

    def check(self, who: str, act: Right, amount: float | None = None) -> None:
        """Refuse what a person may not do.

        Args:
            who: the person.
            act: what is to be done.
            amount: what an approval comes to, in the data's currency; None where that is not known.

        Raises:
            InputError: no such person, or their role does not allow it.
        """
        if not self.roles:
            return
        if who not in self.people:
            raise InputError(f"--as {who}: not in {FILE}; {nearest(who, sorted(self.people))}")
        role = self.roles[self.people[who]]
        if act not in role.may:
            able = sorted(name for name, of in self.people.items() if act in self.roles[of].may)
            raise InputError(f"{who} ({self.people[who]}) may not {act}; who may: {', '.join(able) or 'nobody'}")
        if role.up_to is None or act != "approve":
            return
        if amount is None:
            raise InputError(
                f"{who} ({self.people[who]}) may approve up to {role.up_to:g}, and what this comes to is not known"
            )
        if amount > role.up_to:
            raise InputError(
                f"{who} ({self.people[who]}) may approve up to {role.up_to:g}; this comes to {amount:,.2f}"
            )


def read_roles(path: Path | None, beside: Path) -> Roles:
    """The roles of a file, or of `roles.toml` beside the ledger; without either, everyone may do all.

    Raises:
        InputError: the file cannot be read, or is not well formed.
    """
    file = path or beside / FILE
    if path is None and not file.exists():
        return Roles()
    try:
        made = Roles.model_validate(read_toml(file))
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(f"{file}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    for name, role in made.people.items():
        if role not in made.roles:
            raise InputError(f"{file}: {name} has the role {role!r}; {nearest(role, sorted(made.roles))}")
    if made.people and not made.roles:
        raise InputError(f"{file}: people, and no roles")
    return made


def person(name: str | None) -> str:
    """Who acts: the name given, else that of the account."""
    return name or getpass.getuser()
