"""What a password must be made of, and passwords made by the system."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError

from tidu.apps.accounts.models import PasswordRecord, User
from tidu.apps.administration.queries import value_of

LETTERS = "abcdefghjkmnpqrstuvwxyz"
CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "23456789"
"""Nothing that is mistaken for something else when it is copied from paper: no l, I, 1, O, 0, i, o."""
"""Nothing that is mistaken for something else when it is copied from paper: no l, I, 1, O, 0, i, o."""
GROUPS = 4


def first_password() -> str:
    """A password for a slip of paper: groups of four letters and digits, some 70 bits, as long as the login policy asks.

    Every group has a capital, a small letter and a digit, so that all four kinds of characters are there.
    """
    pick, middle = secrets.choice, LETTERS + CAPITALS + DIGITS
    groups = max(GROUPS, -(-(value_of("login.password-length") + 1) // 5))
    return "-".join(pick(CAPITALS) + pick(middle) + pick(LETTERS) + pick(DIGITS) for _ in range(groups))


class LongEnough:
    """As long as the login policy says."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise where it is shorter."""
        del user
        if len(password) < value_of("login.password-length"):
            raise ValidationError(self.get_help_text(), code="password_too_short")

    def get_help_text(self) -> str:
        """What to do."""
        return f"密码须至少 {value_of('login.password-length')} 位。"


class KindsOfCharacters:
    """As many kinds as the login policy says, of capital letters, small letters, digits and other characters."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise where too few kinds are used."""
        del user
        tests = (str.isupper, str.islower, str.isdigit, lambda letter: not letter.isalnum())
        if sum(any(test(letter) for letter in password) for test in tests) < value_of("login.password-kinds"):
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        """What to do."""
        kinds = "三" if value_of("login.password-kinds") == 3 else "四"
        return f"密码须包含大写字母、小写字母、数字、其他符号这四类中的至少{kinds}类。"


class NotUsedBefore:
    """None of the last passwords, as many as the login policy says."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise where it is one of them."""
        count = value_of("login.password-history")
        if not count or not isinstance(user, User) or user.pk is None:
            return
        earlier = PasswordRecord.objects.filter(user=user).values_list("hash", flat=True)[:count]
        if any(check_password(password, one) for one in earlier):
            raise ValidationError(f"新密码与最近 {count} 次用过的密码之一相同。请换一个。", code="password_used")

    def get_help_text(self) -> str:
        """What to do."""
        return f"新密码不能与最近 {value_of('login.password-history')} 次用过的密码相同。"
