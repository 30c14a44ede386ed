"""Whatever one person does, with every account whose password that person learns, alone nobody comes to new rights.

An intruder is one of the three administrators (or a clerk). All others do nothing. The intruder acts through the own account
and through every account whose password was shown to it; the system must never let these accounts hold more than before.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.apps.people import AT, District, small_district
from tidu.apps.accounts.actors import SYSTEM, Actor
from tidu.apps.accounts.domain.accounts import describe_account, open_account, switch_off, switch_on
from tidu.apps.accounts.domain.identities import bind_identity
from tidu.apps.accounts.domain.passwords import ask_reset, change_password, decide_reset, reset_powerless
from tidu.apps.accounts.domain.posts import Place, Wanted, decide_post, end_post, give_post, propose_post, withdraw_proposal
from tidu.apps.accounts.enums import ADMINISTRATORS, Role
from tidu.apps.accounts.models import PasswordReset, Post, PostProposal, User
from tidu.apps.accounts.queries import actor_of
from tidu.apps.administration.domain.dictionaries import install_dictionaries
from tidu.apps.administration.domain.parameters import set_parameter
from tidu.apps.units.domain.keeping import move_unit
from tidu.apps.units.models import Unit
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db
TODAY = AT.date()
FIRST, LATER = "Xin-2024-mima", "Hou-2024-mima"
PEOPLE = [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.BUREAU_HEAD]
UNITS = ["district", "bureau", "tax", "one", "two", "bank"]
pick = st.sampled_from(range(24))


class Undone(Exception):
    """Ends the transaction of one run."""


def one_of(listed: Any, number: int) -> Any:
    found = list(listed.order_by("pk"))
    return found[number % len(found)] if found else None


class Intruder(RuleBasedStateMachine):
    """One person at work."""

    def __init__(self) -> None:
        super().__init__()
        self.names = count()
        self.block = transaction.atomic()
        self.block.__enter__()
        install_dictionaries(actor=SYSTEM, at=AT)
        self.district: District = small_district()
        for user in self.district.people.values():
            user.set_password(FIRST)
            user.save()
        self.before = self.rights()

    @initialize(role=st.sampled_from(PEOPLE))
    def begin(self, role: Role) -> None:
        self.known: dict[int, str] = {self.district.people[role].pk: FIRST}

    def teardown(self) -> None:
        self.block.__exit__(Undone, Undone(), None)

    def rights(self) -> dict[int, set[tuple[str, Any, Any]]]:
        found: dict[int, set[tuple[str, Any, Any]]] = {}
        for post in Post.objects.not_over(TODAY):
            found.setdefault(post.user_id, set()).add((post.role, post.unit_id, post.enterprise_id))
        return found

    def acting(self, number: int) -> Actor:
        user = User.objects.get(pk=sorted(self.known)[number % len(self.known)])
        return actor_of(user, TODAY)

    def tries(self, act: Callable[[], Any]) -> Any:
        try:
            with transaction.atomic():
                return act()
        except TiduError:
            return None

    @rule(who=pick)
    def opens(self, who: int) -> None:
        name = f"neu{next(self.names)}"
        made = self.tries(lambda: open_account(actor=self.acting(who), at=AT, username=name, name=name, password=FIRST))
        if made is not None:
            self.known[made.pk] = FIRST

    @rule(who=pick, whom=pick, role=st.sampled_from(Role), unit=st.sampled_from(UNITS))
    def proposes(self, who: int, whom: int, role: Role, unit: str) -> None:
        wanted = Wanted(role, Place(unit=self.district.units[unit]))
        user = one_of(User.objects, whom)
        self.tries(lambda: propose_post(actor=self.acting(who), at=AT, user=user, wanted=wanted, reason="来函"))

    @rule(who=pick, which=pick, grant=st.booleans())
    def decides(self, who: int, which: int, grant: bool) -> None:
        proposal = one_of(PostProposal.objects, which)
        if proposal is not None:
            self.tries(lambda: decide_post(actor=self.acting(who), at=AT, proposal=proposal, grant=grant, note="看过"))

    @rule(who=pick, whom=pick, role=st.sampled_from(Role), unit=st.sampled_from(UNITS))
    def gives(self, who: int, whom: int, role: Role, unit: str) -> None:
        place = Place(unit=self.district.units[unit])
        self.tries(lambda: give_post(actor=self.acting(who), at=AT, user=one_of(User.objects, whom), role=role, place=place))

    @rule(who=pick, which=pick)
    def withdraws(self, who: int, which: int) -> None:
        proposal = one_of(PostProposal.objects, which)
        if proposal is not None:
            self.tries(lambda: withdraw_proposal(actor=self.acting(who), at=AT, proposal=proposal))

    @rule(who=pick, which=pick)
    def ends(self, who: int, which: int) -> None:
        post = one_of(Post.objects, which)
        self.tries(lambda: end_post(actor=self.acting(who), at=AT, post=post, until=TODAY, reason="moved"))

    @rule(who=pick, whom=pick)
    def asks_for_a_password(self, who: int, whom: int) -> None:
        user = one_of(User.objects, whom)
        self.tries(lambda: ask_reset(actor=self.acting(who), at=AT, user=user, reason="forgotten", factor_too=True))

    @rule(who=pick, which=pick)
    def decides_a_password(self, who: int, which: int) -> None:
        asked = one_of(PasswordReset.objects, which)
        if asked is not None:
            password = self.tries(lambda: decide_reset(actor=self.acting(who), at=AT, asked=asked, grant=True))
            if password:
                self.known[asked.user_id] = password

    @rule(who=pick, whom=pick)
    def resets_at_once(self, who: int, whom: int) -> None:
        user = one_of(User.objects, whom)
        password = self.tries(lambda: reset_powerless(actor=self.acting(who), at=AT, user=user))
        if password:
            self.known[user.pk] = password

    @rule(who=pick, whom=pick)
    def changes_a_password(self, who: int, whom: int) -> None:
        actor, user = self.acting(who), one_of(User.objects, whom)
        old = self.known.get(actor.user or 0, "")
        if self.tries(lambda: change_password(actor=actor, at=AT, user=user, old=old, new=LATER) or True):
            self.known[user.pk] = LATER

    @rule(who=pick, whom=pick, subject=st.sampled_from(["a", "b"]))
    def binds(self, who: int, whom: int, subject: str) -> None:
        user = one_of(User.objects, whom)
        if self.tries(lambda: bind_identity(actor=self.acting(who), at=AT, user=user, issuer="https://id.example", subject=subject)):
            self.known.setdefault(user.pk, "")

    @rule(who=pick, whom=pick, on=st.booleans())
    def switches(self, who: int, whom: int, on: bool) -> None:
        user = one_of(User.objects, whom)
        if on:
            self.tries(lambda: switch_on(actor=self.acting(who), at=AT, user=user))
        else:
            self.tries(lambda: switch_off(actor=self.acting(who), at=AT, user=user, reason="other"))

    @rule(who=pick, whom=pick)
    def renames(self, who: int, whom: int) -> None:
        user = one_of(User.objects, whom)
        self.tries(lambda: describe_account(actor=self.acting(who), at=AT, user=user, name=f"名{next(self.names)}", email=""))

    @rule(who=pick, unit=pick, parent=pick)
    def moves_a_unit(self, who: int, unit: int, parent: int) -> None:
        self.tries(lambda: move_unit(actor=self.acting(who), at=AT, unit=one_of(Unit.objects, unit), parent=one_of(Unit.objects, parent)))

    @rule(who=pick)
    def loosens_the_policy(self, who: int) -> None:
        self.tries(lambda: set_parameter(actor=self.acting(who), at=AT, key="login.second-factor-roles", given=[], version=0))

    @invariant()
    def no_account_in_hand_holds_more_than_before(self) -> None:
        held = self.rights()
        for number in self.known:
            assert held.get(number, set()) <= self.before.get(number, set())

    @invariant()
    def no_account_of_somebody_with_rights_is_in_hand(self) -> None:
        held = self.rights()
        assert [number for number in self.known if held.get(number)] in ([], [min(self.known)])

    @invariant()
    def nobody_holds_a_post_that_was_not_held_before(self) -> None:
        held = self.rights()
        assert all(posts <= self.before.get(number, set()) for number, posts in held.items())

    @invariant()
    def every_administration_is_still_held_by_somebody(self) -> None:
        held = Post.objects.not_over(TODAY).filter(role__in=ADMINISTRATORS, user__is_active=True).values_list("role", flat=True)
        assert set(held) == set(ADMINISTRATORS)


# the strength of hashes is not what is tried here, and the strong one takes most of the time
@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
def test_one_person_alone_comes_to_no_new_rights() -> None:
    run_state_machine_as_test(Intruder, settings=settings(max_examples=100, stateful_step_count=25, deadline=None))
