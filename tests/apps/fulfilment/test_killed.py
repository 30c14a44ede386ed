"""Decision, notice, payment batch and feedback, killed at random moments: wholly done or not at all, and never twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.apps.fulfilment.killed_ground import FIRMS
from tests.apps.killing import Home, moments

WAY = (
    ("fulfilment.decide", "decide", "proposed", "decided"),
    ("fulfilment.notice", "", "decided", "decided"),
    ("fulfilment.publish", "publish", "decided", "noticed"),
    ("fulfilment.close", "clear", "noticed", "cleared"),
    ("fulfilment.pay", "pay", "cleared", "paying"),
    ("fulfilment.feedback", "arrive", "paying", "paid"),
)
KILLS = 2


def whole(found: dict[str, Any], kind: str, act: str, before: str, after: str) -> None:
    """Nothing half done: all cases here or all there, as many steps as cases moved, books and chain in order."""
    done = found["jobs"][kind][0] == "done"
    assert found["cases"] == {(after if done else before): FIRMS}
    assert not act or found["steps"].get(act, 0) == (FIRMS if done else 0)
    assert (found["disagree"], found["breaks"]) == ([], [])


def test_money_is_never_half_done(tmp_path: Path) -> None:
    home = Home(tmp_path, "tests.apps.fulfilment.killed_ground")
    home.call("prepare")
    longest = 2.0
    for place, (kind, act, before, after) in enumerate(WAY):
        if place:
            home.call("next_step")
        for seconds in moments(place, longest, KILLS):
            home.kill_after(seconds)
            whole(home.call("state"), kind, act, before, after)
        longest = max(1.0, home.finish())
        found = home.call("state")
        assert found["jobs"][kind] == ["done", ""]
        whole(found, kind, act, before, after)
    assert found["counts"] == [1, FIRMS, FIRMS, FIRMS * 50_000_000]
