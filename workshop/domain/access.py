"""Who may do what: roles, room codes, tokens."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from enum import StrEnum

# No letter or digit that is mistaken for another on a projector: no I L 1, O 0, S 5, Z 2, B 8.
CODE_LETTERS = "ACDEFGHJKMNPQRTUVWXY34679"
CODE_LENGTH = 6
# 25²⁰ codes, 92 bits: nobody guesses one, so that it may open more than a room code does.
RECOVERY_LENGTH = 20
RECOVERY_GROUP = 4
COOKIE_PREFIX = "funnel_"


class Role(StrEnum):
    """A screen's right to see and change a workshop."""

    FACILITATOR = "facilitator"
    MANAGER = "manager"
    PROJECTOR = "room"  # its code in cookies and records from the first version on
    PARTICIPANT = "participant"


class Forbidden(Exception):  # noqa: N818 — "raise Forbidden" says it
    """The visitor's role does not allow what was asked."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A checked identity: a role in one workshop; participants are also a person.

    `mark` is the fingerprint of the token that proved it. It is not part of who somebody is, but
    says whose link it was where links are withdrawn. `is_starter` tells the facilitator who
    started the workshop from one who was given a link. `secret` is made of the token too and is
    kept nowhere: whoever holds the token finds their unnamed answers by it, and nobody else.
    """

    role: Role
    workshop_id: str
    person_id: str = ""
    mark: str = field(default="", compare=False, repr=False)
    is_starter: bool = field(default=False, compare=False)
    secret: str = field(default="", compare=False, repr=False)

    def must_be(self, *roles: Role) -> None:
        """Raise Forbidden unless the visitor has one of these roles.

        >>> Visitor(Role.PROJECTOR, "w").must_be(Role.FACILITATOR, Role.MANAGER)
        Traceback (most recent call last):
            ...
        workshop.domain.access.Forbidden: this is for the facilitator or manager only
        """
        if self.role not in roles:
            raise Forbidden(f"this is for the {' or '.join(roles)} only")

    def must_be_starter(self) -> None:
        """Raise Forbidden unless this is the facilitator who started the workshop."""
        self.must_be(Role.FACILITATOR)
        if not self.is_starter:
            raise Forbidden("this is for whoever started the workshop only")


def new_code() -> str:
    """A room code: six letters, 25⁶ ≈ 244 million of them."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def read_code(typed: str) -> str:
    """What somebody typed, as a room code: upper case, without blanks and hyphens.

    >>> read_code(" k7m-4qx ")
    'K7M4QX'
    """
    return "".join(letter for letter in typed.upper() if letter.isalnum())[:CODE_LENGTH]


def new_recovery_code() -> str:
    """A secret that somebody can write on paper and type again: twenty letters, 92 bits."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(RECOVERY_LENGTH))


def in_groups(code: str) -> str:
    """A recovery code as it is shown.

    >>> in_groups("ACDEFGHJKMNPQRTUVWXY")
    'ACDE-FGHJ-KMNP-QRTU-VWXY'
    """
    groups = range(0, len(code), RECOVERY_GROUP)
    return "-".join(code[start : start + RECOVERY_GROUP] for start in groups)


def read_recovery_code(typed: str) -> str:
    """What somebody typed, as a recovery code: upper case, without blanks and hyphens.

    >>> read_recovery_code(" acde-fghj kmnp-qrtu-vwxy ")
    'ACDEFGHJKMNPQRTUVWXY'
    """
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def new_token() -> str:
    """A secret of 128 bits, fit for an address."""
    return secrets.token_urlsafe(16)


def fingerprint(token: str) -> str:
    """What the store keeps of a token: its SHA-256, so that a copied file opens no door.

    >>> fingerprint("abc")[:16]
    'ba7816bf8f01cfea'
    """
    return hashlib.sha256(token.encode()).hexdigest()


def answer_secret(token: str) -> str:
    """What tells whose an unnamed answer is; no fingerprint leads to it.

    >>> answer_secret("abc") != fingerprint("abc")
    True
    """
    return hashlib.sha256(f"answers of {token}".encode()).hexdigest()


def cookie_name(role: Role, code: str) -> str:
    """The cookie that holds the token of this role in the workshop with this room code."""
    return f"{COOKIE_PREFIX}{role}_{code}"


def read_cookie_name(name: str) -> tuple[Role, str] | None:
    """The role and the room code in the name of a cookie; None where it is none of ours.

    >>> read_cookie_name("funnel_room_K7M4QX")
    (<Role.PROJECTOR: 'room'>, 'K7M4QX')
    """
    role, _, code = name.removeprefix(COOKIE_PREFIX).partition("_")
    is_ours = name.startswith(COOKIE_PREFIX) and role in set(Role)
    return (Role(role), code) if is_ours else None
