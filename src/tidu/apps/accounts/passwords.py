"""What a password must be made of."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

KINDS = 3
SHORTEST = 10


class LongEnough:
    """At least ten characters."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise where it is shorter."""
        del user
        if len(password) < SHORTEST:
            raise ValidationError(self.get_help_text(), code="password_too_short")

    def get_help_text(self) -> str:
        """What to do."""
        return f"密码须至少 {SHORTEST} 位。"


class KindsOfCharacters:
    """At least three of capital letters, small letters, digits and other characters."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise where too few kinds are used."""
        del user
        tests = (str.isupper, str.islower, str.isdigit, lambda letter: not letter.isalnum())
        if sum(any(test(letter) for letter in password) for test in tests) < KINDS:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        """What to do."""
        return "密码须包含大写字母、小写字母、数字、其他符号这四类中的至少三类。"
